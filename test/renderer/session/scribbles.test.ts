import { beforeEach, describe, expect, it } from 'vitest';
import { encodeMask, type BinaryMask } from '../../../electron/common/mask.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { undo } from '../../../renderer/session/decisions.ts';
import { stepFrame } from '../../../renderer/session/navigation.ts';
import type { ToolPointer } from '../../../renderer/tools/tool.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
/** What the network says, and what it was asked. */
let answer: BinaryMask;
let asked: { box: unknown; prompts?: { mode?: string } }[];
let release: (() => void) | null;
let holds: boolean;

beforeEach(async () => {
  scripted = await openScriptedSession();
  asked = [];
  release = null;
  holds = false;
  answer = disc(36, 20, 12);
  scripted.api.answers['proposal:preview'] = async (input) => {
    asked.push(input);
    if (holds) await new Promise<void>((resolve) => (release = resolve));
    return { mask: encodeMask(answer), meanProbability: 0.9, uncertainty: 0.1, milliseconds: 5, provider: 'cpu' };
  };
  scripted.session.tools.select('scribble');
});

function at(x: number, y: number, alt = false): ToolPointer {
  return { image: { x, y }, canvas: { x, y }, alt };
}

function scribble(from: [number, number], to: [number, number], alt = false): void {
  const { tools } = scripted.session;
  tools.pointerDown(at(...from, alt), { pan: false });
  expect(tools.path).toBe('scribble.pointing');
  tools.pointerMove(at(...to, alt));
  expect(scripted.state.toolPreview?.lines[0].tone).toBe(alt ? 'subtract' : 'add');
  tools.pointerUp(at(...to, alt));
  expect(tools.path).toBe('scribble.idle');
  expect(scripted.state.toolPreview).toBeNull();
}

const mask = () => scripted.session.editor.document!.mask.data.slice();
const pixel = (x: number, y: number) => scripted.session.editor.document!.mask.data[y * frameSize.width + x];
const settled = () => expect.poll(() => scripted.state.proposing.kind).not.toBe('busy');
async function gestures(): Promise<string[]> {
  await scripted.session.editor.saves.whenSettled();
  return scripted.api.revisions.map((one) => one.gesture);
}

// The proposal of the first frame is a disc of radius 5 around (30, 20).
describe('a scribble that says "belongs"', () => {
  it('adds its own pixels at once, then what the network says around it, as one undo', async () => {
    const before = mask();
    holds = true;
    scribble([38, 20], [44, 20]);
    expect(pixel(41, 20)).toBe(1);
    expect(pixel(41, 24)).toBe(0);
    await expect.poll(() => release).not.toBeNull();
    expect(asked[0].prompts?.mode).toBe('local');
    release!();
    await settled();
    expect(pixel(41, 20)).toBe(1);
    expect(pixel(41, 24)).toBe(1);
    expect(await gestures()).toEqual(['scribble', 'amend']);
    await undo(scripted.session);
    expect(mask()).toEqual(before);
    expect(scripted.session.editor.canUndo).toBe(false);
    scripted.session.editor.redo();
    expect(pixel(41, 24)).toBe(1);
  });

  it('takes nothing away, and leaves what is far from it as it is', async () => {
    const { editor } = scripted.session;
    editor.replaceMask('brush', disc(8, 40, 6));
    answer = disc(45, 12, 8);
    scribble([44, 12], [48, 12]);
    await settled();
    // Further away than the reach: exactly as before, though the network sees nothing there.
    const far = disc(8, 40, 6).data;
    far.forEach((value, index) => {
      if (value === 1) expect(mask()[index]).toBe(1);
    });
    expect(pixel(46, 17)).toBe(1);
  });

  it('asks for the box around the mask and the scribble', async () => {
    scribble([50, 10], [54, 10]);
    await settled();
    const box = asked[0].box as { x: number; y: number; width: number; height: number };
    expect(box.x).toBe(25);
    expect(box.x + box.width).toBeGreaterThanOrEqual(55);
    expect(box.y).toBeLessThanOrEqual(9);
    expect(box.y + box.height).toBe(25);
  });
});

describe('a scribble that says "does not belong"', () => {
  it('takes its pixels away, and around it what the network leaves out', async () => {
    scripted.session.editor.replaceMask('brush', disc(30, 20, 14));
    answer = disc(24, 20, 8);
    scribble([38, 18], [38, 22], true);
    expect(pixel(38, 20)).toBe(0);
    await settled();
    expect(pixel(40, 20)).toBe(0);
    expect(pixel(38, 25)).toBe(0);
    expect(pixel(24, 20)).toBe(1);
    expect(await gestures()).toEqual(['brush', 'scribble', 'amend']);
  });
});

describe('an answer that comes late', () => {
  it('is not taken over where another gesture has come since', async () => {
    holds = true;
    scribble([38, 20], [44, 20]);
    await expect.poll(() => release).not.toBeNull();
    scripted.session.editor.apply('brush', (current) => {
      current.data[0] = 1;
      return { x: 0, y: 0, width: 1, height: 1 };
    });
    const painted = mask();
    release!();
    await settled();
    expect(mask()).toEqual(painted);
    expect(await gestures()).toEqual(['scribble', 'brush']);
  });

  it('is not taken over on another frame', async () => {
    holds = true;
    scribble([38, 20], [44, 20]);
    await expect.poll(() => release).not.toBeNull();
    await stepFrame(scripted.session, 1);
    await scripted.whenProposed();
    const other = mask();
    // What the new frame waits for is its own affair.
    scripted.session.store.setState({ proposing: { kind: 'busy' } });
    release!();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(scripted.state.proposing.kind).toBe('busy');
    expect(mask()).toEqual(other);
    expect(await gestures()).toEqual(['scribble']);
  });

  it('is replaced by that to two scribbles where a second one follows', async () => {
    holds = true;
    scribble([38, 20], [44, 20]);
    await expect.poll(() => asked.length).toBe(1);
    const first = release!;
    holds = false;
    scribble([34, 10], [38, 10]);
    await settled();
    first();
    await expect.poll(gestures).toEqual(['scribble', 'scribble', 'amend']);
    expect(pixel(41, 24)).toBe(1);
    expect(pixel(36, 13)).toBe(1);
  });
});

describe('a scribble without an answer', () => {
  it('keeps its own pixels, and says why there is no more', async () => {
    const before = mask();
    scripted.api.answers['proposal:preview'] = () => {
      throw new AppError('engine', 'The engine is out.');
    };
    scribble([38, 20], [44, 20]);
    await settled();
    expect(scripted.state.proposing).toEqual({ kind: 'failed', message: 'The engine is out.' });
    expect(pixel(41, 20)).toBe(1);
    // It is joined to the mask all the same, by one undo.
    expect(pixel(36, 23)).toBe(1);
    expect(await gestures()).toEqual(['scribble', 'amend']);
    const joined = mask();
    await undo(scripted.session);
    expect(mask()).toEqual(before);
    scripted.session.editor.redo();
    expect(mask()).toEqual(joined);
  });

  it('is cancelled without a trace before the pointer goes up', async () => {
    const before = mask();
    const { tools } = scripted.session;
    tools.pointerDown(at(38, 20), { pan: false });
    tools.pointerMove(at(44, 20));
    tools.cancel();
    expect(tools.path).toBe('scribble.idle');
    expect(scripted.state.toolPreview).toBeNull();
    expect(mask()).toEqual(before);
    expect(asked).toEqual([]);
  });
});
