// Owns brightness and contrast as figures: which grey values are shown between black and white, and the table that shows them.

/** Which grey values are shown between black and white (PS3.3 C.11.2), and how those between are spread. */
export interface GreyWindow {
  /** The grey value shown in the middle, 0..255. */
  readonly center: number;
  /** How many grey values lie between black and white, 2..512. */
  readonly width: number;
  /** Above 1 lifts dark tissue, below 1 lowers it; 0.2..5. */
  readonly gamma: number;
}

/** Every grey value as it is stored. */
export const wholeWindow: GreyWindow = { center: 128, width: 256, gamma: 1 };

type WindowPreset = 'whole' | 'contrast' | 'dark' | 'bright' | 'soft';

export const windowPresets: readonly { readonly id: WindowPreset; readonly window: GreyWindow }[] = [
  { id: 'whole', window: wholeWindow },
  { id: 'contrast', window: { center: 110, width: 150, gamma: 1 } },
  { id: 'dark', window: { center: 56, width: 112, gamma: 1.2 } },
  { id: 'bright', window: { center: 176, width: 160, gamma: 0.9 } },
  { id: 'soft', window: { center: 128, width: 300, gamma: 1.4 } },
];

export function sameWindow(a: GreyWindow, b: GreyWindow): boolean {
  return a.center === b.center && a.width === b.width && a.gamma === b.gamma;
}

/** A window with a change, kept within reason. */
export function changedWindow(window: GreyWindow, change: Partial<GreyWindow>): GreyWindow {
  const { center, width, gamma } = { ...window, ...change };
  const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
  return {
    center: Math.round(clamp(center, 0, 255)),
    width: Math.round(clamp(width, 2, 512)),
    gamma: Math.round(clamp(gamma, 0.2, 5) * 100) / 100,
  };
}

/**
 * The shown value of each grey value, 0..255: the linear VOI LUT function (PS3.3 C.11.2.1.2) with its output raised to 1 / gamma.
 */
export function windowTable({ center, width, gamma }: GreyWindow): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => {
    const linear = (value - (center - 0.5)) / (width - 1) + 0.5;
    return Math.round(255 * Math.min(1, Math.max(0, linear)) ** (1 / gamma));
  });
}

/** Applies a table to pixels of red, green, blue, alpha, a byte each, as 32-bit words in the order of the machine's bytes. */
export function applyTable(source: Uint32Array, target: Uint32Array, table: Uint8Array): void {
  const greys = Uint32Array.from(table, (value) => 0xff000000 | (value * 0x010101));
  for (let i = 0; i < source.length; i += 1) {
    const word = source[i];
    const red = word & 255;
    const green = (word >> 8) & 255;
    const blue = (word >> 16) & 255;
    target[i] =
      red === green && green === blue
        ? greys[red]
        : 0xff000000 | (table[blue] << 16) | (table[green] << 8) | table[red];
  }
}
