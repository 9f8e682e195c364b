// Owns the small picture of a frame: asked for when it comes into sight, kept for the time of the page.
import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { Api } from '../../electron/common/api.ts';
import { useSession } from '../session/hooks.ts';
import styles from './thumbnail.module.css';

const addresses = new WeakMap<Pick<Api, 'send'>, Map<string, Promise<string>>>();

/** An object address of the frame's thumbnail. A failure is not kept. */
function thumbnailAddress(api: Pick<Api, 'send'>, frameId: string): Promise<string> {
  const known = addresses.get(api) ?? new Map<string, Promise<string>>();
  addresses.set(api, known);
  const address =
    known.get(frameId) ??
    api.send('frame:thumbnail', { frameId }).then(
      ({ jpeg }) => URL.createObjectURL(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' })),
      (error: unknown) => {
        known.delete(frameId);
        throw error;
      },
    );
  known.set(frameId, address);
  return address;
}

export function Thumbnail({ frameId }: { readonly frameId: string }): ReactElement {
  const { api } = useSession();
  const holder = useRef<HTMLSpanElement>(null);
  const [loaded, setLoaded] = useState<{ frameId: string; address: string } | null>(null);
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    let current = true;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      thumbnailAddress(api, frameId).then(
        (address) => current && setLoaded({ frameId, address }),
        // The frame itself says what is wrong with it when it is opened.
        () => {},
      );
    });
    observer.observe(element);
    return () => {
      current = false;
      observer.disconnect();
    };
  }, [api, frameId]);
  return (
    <span ref={holder} className={styles.thumbnail}>
      {loaded?.frameId === frameId && <img src={loaded.address} alt="" draggable={false} />}
    </span>
  );
}
