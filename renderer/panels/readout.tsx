// Owns the figures of what is under the pointer: its place in pixels and in mm, its grey value, and the scale there.
import { type ReactElement, useMemo } from 'react';
import { calibrationOf, regionAt } from '../../electron/common/calibration.ts';
import type { ImagePoint } from '../../electron/common/geometry.ts';
import { PixelReader } from '../canvas/windowed-picture.ts';
import { regionsOf } from '../session/frame-scale.ts';
import { useSessionState } from '../session/hooks.ts';
import { selectedFrame } from '../session/session.ts';
import { toImagePoint } from '../session/view.ts';
import { shownNumber, shownScale, t } from '../strings/index.ts';
import styles from './frame-stage.module.css';

/** `image` is the frame as stored, not as brightness and contrast show it. */
export function Readout({ image }: { readonly image: ImageBitmap | null }): ReactElement {
  const reader = useMemo(() => new PixelReader(), []);
  const frame = useSessionState(selectedFrame);
  const view = useSessionState((state) => state.view);
  const pointer = useSessionState((state) => state.pointer);
  const regions = useSessionState(regionsOf);
  const point = frame && pointer && toImagePoint(view, frame.pixelAspectRatio, pointer);
  const isInside = point && frame && point.x >= 0 && point.y >= 0 && point.x < frame.width && point.y < frame.height;
  const place = isInside ? point : null;
  const region = place ? regionAt(regions, place) : (regions.find((one) => one.physicalDeltaXMm !== null) ?? null);
  const calibration = region && calibrationOf(region).calibration;
  return (
    <div className={styles.readout}>
      {place && (
        <div data-testid="pointer-position">
          {t('readout.pixel', { x: Math.floor(place.x), y: Math.floor(place.y) })}
          {image && describePixel(reader, image, place)}
        </div>
      )}
      {place && region && calibration && (
        <div data-testid="pointer-depth">
          {t('readout.millimetres', {
            x: shownNumber((place.x - region.minX0) * calibration.xMm, 1),
            y: shownNumber((place.y - region.minY0) * calibration.yMm, 1),
          })}
        </div>
      )}
      <div data-testid="frame-scale">
        {calibration
          ? t('readout.scaleOfRegion', { scale: describeScale(calibration), region: calibration.region })
          : scaleTrouble(place, regions.length)}
      </div>
      {frame && (
        <div>
          {frame.width} × {frame.height}
        </div>
      )}
    </div>
  );
}

function describeScale({ xMm, yMm }: { readonly xMm: number; readonly yMm: number }): string {
  const [x, y] = [shownScale(xMm, 3), shownScale(yMm, 3)];
  return x === y ? t('readout.scale', { both: x }) : t('readout.scales', { x, y });
}

function scaleTrouble(place: ImagePoint | null, regionCount: number): string {
  if (regionCount === 0) return t('readout.noScaleInFile');
  return place ? t('readout.noScaleHere') : '';
}

function describePixel(reader: PixelReader, image: ImageBitmap, { x, y }: ImagePoint): string {
  const color = reader.read(image, Math.floor(x), Math.floor(y));
  if (!color) return '';
  const [red, green, blue] = color;
  return ` · ${red === green && green === blue ? t('readout.grey', { value: red }) : t('readout.color', { red, green, blue })}`;
}
