import { beforeEach, describe, expect, it } from 'vitest';
import { wholeWindow } from '../../../renderer/editor/grey/grey-window.ts';
import { changeWindow, fitFrame, showOneToOne, stepWindow, turnView } from '../../../renderer/session/display.ts';
import { regionsOf } from '../../../renderer/session/frame-scale.ts';
import { openFrame } from '../../../renderer/session/navigation.ts';
import { fromScreen, projectPoint } from '../../../renderer/session/orientation.ts';
import { toImagePoint, zoomAt } from '../../../renderer/session/view.ts';
import { regionOf } from '../../support/regions.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
const canvasSize = { width: 900, height: 600 };

/** What lies in the middle of the canvas. */
const inTheMiddle = () => {
  const { view, display } = scripted.state;
  return toImagePoint(view, 1, fromScreen({ x: 450, y: 300 }, canvasSize, display.orientation));
};

beforeEach(async () => {
  scripted = await openScriptedSession();
  scripted.session.store.setState({ canvasSize });
  fitFrame(scripted.session);
});

describe('turning the view', () => {
  it('fits the frame again where it was fitted', () => {
    turnView(scripted.session, 'rotate');
    const { view, display } = scripted.state;
    expect(display.orientation).toEqual({ quarterTurns: 1, mirrored: false });
    expect(view.fitted).toBe(true);
    const corner = projectPoint({ x: 64, y: 48 }, view, 1, canvasSize, display.orientation);
    expect(corner.y).toBeLessThanOrEqual(600 - 76 + 1e-9);
  });

  it('keeps what is in the middle where the reader zoomed', () => {
    scripted.session.store.setState((state) => ({ view: zoomAt(state.view, { x: 200, y: 100 }, 3) }));
    const before = inTheMiddle();
    for (const how of ['rotate', 'flip-across', 'rotate', 'flip-down', 'upright'] as const) {
      turnView(scripted.session, how);
      expect(inTheMiddle().x).toBeCloseTo(before.x, 9);
      expect(inTheMiddle().y).toBeCloseTo(before.y, 9);
    }
  });

  it('shows one pixel on one of the screen, about the middle', () => {
    const before = inTheMiddle();
    showOneToOne(scripted.session, 2);
    expect(scripted.state.view.scale).toBe(0.5);
    expect(Math.abs(inTheMiddle().x - before.x)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(inTheMiddle().y - before.y)).toBeLessThanOrEqual(0.5);
  });

  it.each([1, 1.5])('begins on a whole pixel there, however it is turned, at %s pixels a CSS pixel', (ratio) => {
    scripted.session.store.setState({ canvasSize: { width: 903, height: 602 } });
    for (const how of ['upright', 'rotate', 'flip-across', 'rotate'] as const) {
      turnView(scripted.session, how);
      fitFrame(scripted.session);
      showOneToOne(scripted.session, ratio);
      const { view, display, canvasSize: size } = scripted.state;
      const corner = projectPoint({ x: 0, y: 0 }, view, 1, size, display.orientation);
      expect(corner.x * ratio).toBeCloseTo(Math.round(corner.x * ratio), 9);
      expect(corner.y * ratio).toBeCloseTo(Math.round(corner.y * ratio), 9);
    }
  });
});

describe('brightness and contrast', () => {
  it('step and stay within reason', () => {
    stepWindow(scripted.session, 1, 0);
    expect(scripted.state.display.window).toEqual({ ...wholeWindow, center: 120 });
    stepWindow(scripted.session, 0, 1);
    expect(scripted.state.display.window.width).toBe(233);
    changeWindow(scripted.session, { gamma: 9 });
    expect(scripted.state.display.window.gamma).toBe(5);
  });
});

describe('the scale of a frame', () => {
  it('is loaded with it, and is nobody else’s meanwhile', async () => {
    const region = regionOf(1, [0, 0, 63, 47]);
    scripted.api.answers['frame:regions'] = ({ frameId }) => ({
      regions: frameId === 'a2' ? [region] : [],
      warnings: [],
    });
    const opening = openFrame(scripted.session, 'A', 'a2');
    expect(regionsOf(scripted.state)).toEqual([]);
    await opening;
    await expect.poll(() => regionsOf(scripted.state)).toEqual([region]);
    await openFrame(scripted.session, 'A', 'a3');
    expect(regionsOf(scripted.state)).toEqual([]);
    // Asked for once: it is there at once when the frame is shown again.
    const back = openFrame(scripted.session, 'A', 'a2');
    expect(regionsOf(scripted.state)).toEqual([region]);
    await back;
    const asked = scripted.api.sent.filter(({ name }) => name === 'frame:regions').map(({ input }) => input);
    expect(asked.filter((input) => JSON.stringify(input) === '{"frameId":"a2"}')).toHaveLength(1);
  });
});
