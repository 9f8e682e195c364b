// Owns the colours of labels: Okabe and Ito's colour-blind-safe set (Color Universal Design, 2008), without black, which the image has,
// and led by those that stand out on grey.

export const labelColors = ['#56b4e9', '#e69f00', '#009e73', '#cc79a7', '#f0e442', '#d55e00', '#0072b2'] as const;

/** The colour that the fewest labels have, the earlier one where several do. */
export function nextLabelColor(used: readonly string[]): string {
  const count = (color: string) => used.filter((other) => other === color).length;
  return labelColors.reduce((best, color) => (count(color) < count(best) ? color : best));
}
