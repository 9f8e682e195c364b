// Owns the figures of how the frame is shown; what changes them is in display.ts.
import { type GreyWindow, wholeWindow } from '../editor/grey/grey-window.ts';
import { type Orientation, upright } from './orientation.ts';

export interface Display {
  readonly window: GreyWindow;
  readonly orientation: Orientation;
  readonly crosshair: boolean;
  readonly ruler: boolean;
  readonly regions: boolean;
}

export const initialDisplay: Display = {
  window: wholeWindow,
  orientation: upright,
  crosshair: false,
  ruler: true,
  regions: false,
};
