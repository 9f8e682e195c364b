// What a page is to those who see it badly or hear it: the contrast of each text with what lies behind it, and controls without a name.
import type { Page } from '@playwright/test';

export interface FaintText {
  readonly text: string;
  /** As in WCAG 2.2: (lighter + 0.05) / (darker + 0.05). */
  readonly ratio: number;
  readonly color: string;
  readonly behind: string;
}

/**
 * Texts with less contrast than 4.5:1, or 3:1 where they are large (WCAG 2.2, 1.4.3), with computed colours: all layers between the text and
 * the nearest opaque ground are laid over each other. What is disabled needs no contrast.
 */
export function faintTexts(page: Page): Promise<FaintText[]> {
  return page.evaluate(() => {
    type Color = readonly [red: number, green: number, blue: number, alpha: number];
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    const known = new Map<string, Color>();
    /** Whatever way a colour is written in, the canvas knows it. */
    const parse = (text: string): Color => {
      const before = known.get(text);
      if (before) return before;
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = text;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
      const color: Color = [red, green, blue, alpha / 255];
      known.set(text, color);
      return color;
    };
    const over = (top: Color, below: Color): Color => {
      const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
      return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
    };
    const luminance = ([red, green, blue]: Color): number => {
      const linear = (value: number): number => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      };
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    };
    const faint: FaintText[] = [];
    const seen = new Set<string>();
    for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? '')
        .join(' ')
        .trim();
      if (!/[\p{L}\p{N}]/u.test(text) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        continue;
      if (element.closest('[disabled], [aria-disabled=true], [data-disabled], option')) continue;
      const style = getComputedStyle(element);
      const layers: Color[] = [];
      let opacity = 1;
      for (let one: Element | null = element; one; one = one.parentElement) {
        const { backgroundColor, opacity: share } = getComputedStyle(one);
        const [red, green, blue, alpha] = parse(backgroundColor);
        // A group that shines through does so with its text.
        opacity *= Number(share);
        if (alpha > 0) layers.push([red, green, blue, alpha]);
        if (alpha === 1) break;
      }
      const behind = layers.toReversed().reduce((below, layer) => over(layer, below), [255, 255, 255, 1] as Color);
      const [red, green, blue, alpha] = parse(style.color);
      const color = over([red, green, blue, alpha * opacity], behind);
      const [lighter, darker] = [luminance(color), luminance(behind)].sort((a, b) => b - a);
      const ratio = (lighter + 0.05) / (darker + 0.05);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const key = `${text} ${style.color} ${behind.join()}`;
      if (ratio >= (isLarge ? 3 : 4.5) || seen.has(key)) continue;
      seen.add(key);
      const shown = behind.slice(0, 3).map(Math.round).join(' ');
      faint.push({
        text: text.slice(0, 60),
        ratio: Math.round(ratio * 100) / 100,
        color: style.color,
        behind: `rgb(${shown})`,
      });
    }
    return faint;
  });
}

const controls = new Set([
  'button',
  'checkbox',
  'combobox',
  'dialog',
  'link',
  'listbox',
  'menuitem',
  'menu',
  'option',
  'radio',
  'radiogroup',
  'searchbox',
  'slider',
  'spinbutton',
  'switch',
  'tab',
  'textbox',
  'tree',
  'treeitem',
  'image',
  'img',
  'group',
  'navigation',
  'complementary',
  'progressbar',
  'splitter',
]);
/** Landmarks and groups may go without a name. */
const mayBeNameless = new Set(['group', 'image']);

/** Controls that a screen reader would announce without a name, as the browser computes it (accname), each with where it is. */
export async function namelessControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Accessibility.enable');
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const nameless: string[] = [];
    for (const { ignored, role, name, backendDOMNodeId } of nodes) {
      const kind: unknown = role?.value;
      if (ignored || typeof kind !== 'string' || !controls.has(kind) || mayBeNameless.has(kind)) continue;
      if (typeof name?.value === 'string' && name.value.trim() !== '') continue;
      const { node } = await session.send('DOM.describeNode', { backendNodeId: backendDOMNodeId });
      const { object } = await session.send('DOM.resolveNode', { backendNodeId: backendDOMNodeId });
      const { result } = await session.send('Runtime.callFunctionOn', {
        objectId: object.objectId,
        functionDeclaration: 'function () { return this.outerHTML?.slice(0, 220) ?? this.nodeName; }',
      });
      nameless.push(`${kind} ${node.nodeName}: ${String(result.value)}`);
    }
    return nameless;
  } finally {
    await session.detach();
  }
}
