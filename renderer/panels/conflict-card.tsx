// Owns one conflict: both outlines on the frame, how far they agree, and the decision.
import { type ReactElement, useEffect, useRef } from 'react';
import { Button } from '@mantine/core';
import type { ConflictView } from '../../electron/common/api.ts';
import { traceContours } from '../../electron/common/contour.ts';
import { type BinaryMask, decodeMask, maskBox } from '../../electron/common/mask.ts';
import { decideConflict, showConflict } from '../session/annotation-imports.ts';
import { useSession } from '../session/hooks.ts';
import { shownNumber, t } from '../strings/index.ts';
import styles from './annotation-import-dialog.module.css';

const pictureWidth = 200;
const pictureHeight = 150;

export function ConflictCard({ conflict }: { readonly conflict: ConflictView }): ReactElement {
  const session = useSession();
  const { id, label, studyTitle, frameNumber, reader, source, iou, studyId, frameId, labelId } = conflict;
  return (
    <article className={styles.card} data-testid="conflict">
      <ConflictPicture conflict={conflict} />
      <div className={styles.words}>
        <p className={styles.title}>{t('conflicts.place', { label, number: frameNumber, study: studyTitle })}</p>
        <p className={styles.line}>
          <span className={styles.ours} /> {t('conflicts.ours')}
        </p>
        <p className={styles.line}>
          <span className={styles.theirs} /> {t('conflicts.theirs', { reader, source })}
        </p>
        <p className={styles.line}>{t('conflicts.agreement', { iou: shownNumber(iou, 3) })}</p>
        <div className={styles.buttons}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void decideConflict(session, id, 'ours')}
            data-testid="take-ours"
          >
            {t('conflicts.keepOurs')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void decideConflict(session, id, 'theirs')}
            data-testid="take-theirs"
          >
            {t('conflicts.takeTheirs')}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => void showConflict(session, studyId, frameId, labelId)}
          >
            {t('conflicts.showFrame')}
          </Button>
        </div>
      </div>
    </article>
  );
}

/** The part of the frame around both masks, with their outlines: ours solid, theirs dashed. */
function ConflictPicture({ conflict }: { readonly conflict: ConflictView }): ReactElement {
  const session = useSession();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let shown = true;
    const load = async (): Promise<void> => {
      const { png } = await session.api.send('frame:pixels', { frameId: conflict.frameId });
      const image = await createImageBitmap(new Blob([new Uint8Array(png)], { type: 'image/png' }));
      if (shown && canvas.current) draw(canvas.current, image, conflict);
    };
    // Without its picture the words are still there.
    load().catch(() => undefined);
    return () => {
      shown = false;
    };
  }, [session, conflict]);
  return (
    <canvas
      ref={canvas}
      width={pictureWidth * 2}
      height={pictureHeight * 2}
      className={styles.picture}
      role="img"
      aria-label={t('conflicts.picture', { label: conflict.label })}
    />
  );
}

function draw(canvas: HTMLCanvasElement, image: ImageBitmap, { ours, theirs }: ConflictView): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const masks = [ours, theirs].map((bytes) => decodeMask(bytes, image.width, image.height));
  const { x, y, scale } = placeAround(masks, image);
  const style = getComputedStyle(canvas);
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, canvas.width / 2 - x * scale, canvas.height / 2 - y * scale);
  context.drawImage(image, 0, 0);
  context.lineWidth = 4 / scale;
  for (const [index, mask] of masks.entries()) {
    context.strokeStyle = style.getPropertyValue(index === 0 ? '--good' : '--learn');
    context.setLineDash(index === 0 ? [] : [10 / scale, 6 / scale]);
    for (const contour of traceContours(mask)) {
      context.beginPath();
      for (let i = 0; i < contour.length; i += 2) context.lineTo(contour[i], contour[i + 1]);
      context.closePath();
      context.stroke();
    }
  }
  context.resetTransform();
}

/** The middle of both masks, and a scale at which they and half as much around them are seen; the whole frame where both are empty. */
function placeAround(masks: readonly BinaryMask[], { width, height }: ImageBitmap) {
  const boxes = masks.map(maskBox).filter((box) => box !== null);
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const fit = (wide: number, high: number) => Math.min((2 * pictureWidth) / wide, (2 * pictureHeight) / high);
  if (boxes.length === 0) return { x: width / 2, y: height / 2, scale: fit(width, height) };
  const scale = fit(2 * (right - left), 2 * (bottom - top));
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.max(scale, fit(width, height)) };
}
