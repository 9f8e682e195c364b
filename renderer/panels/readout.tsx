// Owns the figures of what is under the pointer: its place in pixels and in mm, its grey value, and the scale there.
import { type ReactElement, useMemo } from 'react';
import { calibrationOf, regionAt } from '../../electron/common/calibration.ts';
import type { ImagePoint } from '../../electron/common/geometry.ts';
import { PixelReader } from '../canvas/windowed-picture.ts';
import { regionsOf } from '../session/frame-scale.ts';
import { useSessionState } from '../session/hooks.ts';
import { selectedFrame } from '../session/session.ts';
import { toImagePoint } from '../session/view.ts';
import styles from './frame-stage.module.css';

const millimetres = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const scale = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

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
          {Math.floor(place.x)}, {Math.floor(place.y)} px{image && describePixel(reader, image, place)}
        </div>
      )}
      {place && region && calibration && (
        <div data-testid="pointer-depth">
          {millimetres.format((place.x - region.minX0) * calibration.xMm)},{' '}
          {millimetres.format((place.y - region.minY0) * calibration.yMm)} mm
        </div>
      )}
      <div data-testid="frame-scale">
        {calibration
          ? `${describeScale(calibration)} · region ${calibration.region}`
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
  const [x, y] = [scale.format(xMm), scale.format(yMm)];
  return x === y ? `${x} mm/px` : `${x} × ${y} mm/px`;
}

function scaleTrouble(place: ImagePoint | null, regionCount: number): string {
  if (regionCount === 0) return 'no scale in the file';
  return place ? 'no scale here' : '';
}

function describePixel(reader: PixelReader, image: ImageBitmap, { x, y }: ImagePoint): string {
  const color = reader.read(image, Math.floor(x), Math.floor(y));
  if (!color) return '';
  const [red, green, blue] = color;
  return red === green && green === blue ? ` · grey ${red}` : ` · RGB ${red} ${green} ${blue}`;
}
