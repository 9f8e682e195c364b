// Owns the colours of labels: Okabe and Ito's colour-blind-safe set (Color Universal Design, 2008), without black, which the image has,
// and led by those that stand out on grey and stay apart from the blue of proposals.

export const labelColors = ['#009e73', '#e69f00', '#cc79a7', '#f0e442', '#d55e00', '#56b4e9', '#0072b2'] as const;

/** The colour that the fewest labels have, the earlier one where several do. */
export function nextLabelColor(used: readonly string[]): string {
  const count = (color: string) => used.filter((other) => other === color).length;
  return labelColors.reduce((best, color) => (count(color) < count(best) ? color : best));
}
