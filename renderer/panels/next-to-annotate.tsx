// Owns the short list of what to annotate next, below the studies.
import type { ReactElement } from 'react';
import { UnstyledButton } from '@mantine/core';
import type { QueueItem } from '../../electron/common/api.ts';
import { findCommand } from '../commands/index.ts';
import { keysOf } from '../commands/key-map.ts';
import { shownKey } from '../commands/keyboard.ts';
import { openFrame } from '../session/navigation.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './next-to-annotate.module.css';
import { Thumbnail } from './thumbnail.tsx';

const queueLength = 5;

export function NextToAnnotate(): ReactElement | null {
  const session = useSession();
  const queue = useSessionState((state) => state.queue);
  const frameId = useSessionState((state) => state.frameId);
  const nextKey = useSessionState((state) => keysOf(findCommand('go.next'), state.keyMap)[0]);
  const items = queue.filter((item) => item.frameId !== frameId).slice(0, queueLength);
  if (items.length === 0) return null;
  return (
    <section className={styles.next} aria-label={t('queue.title')} data-testid="queue">
      <h2 className={styles.heading}>{t('queue.title')}</h2>
      {items.map((item: QueueItem, index) => (
        <UnstyledButton
          key={item.frameId}
          className={styles.queued}
          data-first={index === 0 || undefined}
          onClick={() => void openFrame(session, item.studyId, item.frameId)}
          data-testid="queue-item"
        >
          <span className={styles.picture}>
            <Thumbnail frameId={item.frameId} />
          </span>
          <span className={styles.words}>
            <QueueTitle item={item} />
            <span className={styles.about}>{item.reason}</span>
          </span>
          {index === 0 && nextKey && <kbd className={styles.key}>{shownKey(nextKey)}</kbd>}
        </UnstyledButton>
      ))}
    </section>
  );
}

/** A frame of the open strip is named by its place there; of another by its study. */
function QueueTitle({ item }: { readonly item: QueueItem }): ReactElement {
  const place = useSessionState((state) => state.frames.findIndex((frame) => frame.id === item.frameId) + 1);
  const isCine = useSessionState((state) => state.cine !== null);
  const frameCount = useSessionState((state) => state.studies.find((study) => study.id === item.studyId)?.frameCount);
  const words = (): string => {
    if (place > 0) return isCine ? t('queue.ofThisCine', { number: place }) : t('queue.ofThisStudy', { number: place });
    const { studyTitle, frameNumber } = item;
    return frameCount === 1 ? studyTitle : t('queue.ofStudy', { title: studyTitle, number: frameNumber });
  };
  return (
    <span className={styles.title} title={item.studyTitle}>
      {words()}
    </span>
  );
}
