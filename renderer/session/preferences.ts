// Owns what of the screen is as the reader left it: colours, sizes, panels, keys, what is drawn over the frame to measure by, and brightness and
// contrast, for each modality of its own. Looks of labels, hints and the language are remembered where they are changed.
import { isKeyMap } from '../commands/key-map.ts';
import { changedWindow, type GreyWindow, sameWindow, wholeWindow } from '../editor/grey/grey-window.ts';
import { hintsKey } from './decisions.ts';
import type { Display } from './display-state.ts';
import { rememberedLooks } from './label-looks.ts';
import type { Memory, Session } from './session.ts';
import { type HintName, initialState, type SessionState } from './state.ts';
import { isTextScale } from './view.ts';

const colorSchemeKey = 'sonosync.color-scheme';
const panelsKey = 'sonosync.panels';
const keysKey = 'sonosync.keys';
const textScaleKey = 'sonosync.text-scale';
const overFrameKey = 'sonosync.over-frame';
const windowsKey = 'sonosync.windows';

const panelNames = ['leftPanelShown', 'rightPanelShown', 'leftPanelWidth', 'rightPanelWidth'] as const;
type Panels = Pick<SessionState, (typeof panelNames)[number]>;

const overFrameNames = ['crosshair', 'ruler', 'regions'] as const;
type OverFrame = Pick<Display, (typeof overFrameNames)[number]>;

/** Brightness and contrast by modality. */
type Windows = Readonly<Record<string, GreyWindow>>;

/** As it was left, and remembered from now on. */
export function followPreferences(session: Session): void {
  const { store, memory } = session;
  store.setState({
    hintsDone: readJson<HintName[]>(memory, hintsKey, Array.isArray) ?? [],
    ...readJson<Panels>(memory, panelsKey, (value) => isLike(value, initialState, panelNames)),
    keyMap: readJson(memory, keysKey, isKeyMap) ?? {},
    textScale: readJson(memory, textScaleKey, isTextScale) ?? 1,
    labelLooks: rememberedLooks(memory),
    ...(memory.getItem(colorSchemeKey) === 'light' ? { colorScheme: 'light' } : {}),
  });
  const overFrame = readJson<OverFrame>(memory, overFrameKey, (value) =>
    isLike(value, initialState.display, overFrameNames),
  );
  store.setState(({ display }) => ({ display: { ...display, ...overFrame } }));
  store.subscribe((state, before) => {
    const remember = (key: string, value: unknown): void => memory.setItem(key, JSON.stringify(value));
    if (state.colorScheme !== before.colorScheme) memory.setItem(colorSchemeKey, state.colorScheme);
    if (state.keyMap !== before.keyMap) remember(keysKey, state.keyMap);
    if (state.textScale !== before.textScale) remember(textScaleKey, state.textScale);
    if (panelNames.some((name) => state[name] !== before[name])) remember(panelsKey, pick(state, panelNames));
    const { display } = state;
    if (overFrameNames.some((name) => display[name] !== before.display[name])) {
      remember(overFrameKey, pick(display, overFrameNames));
    }
  });
  followWindows(session);
}

/** Images of another modality are shown as those were left; a change counts for the modality that is shown. */
function followWindows({ store, memory }: Session): void {
  const shownAs = (modality: string): GreyWindow =>
    (readJson<Windows>(memory, windowsKey, isWindows) ?? {})[modality] ?? wholeWindow;
  store.subscribe((state, before) => {
    const modality = modalityOf(state);
    if (modality === null) return;
    const { window } = state.display;
    if (modality !== modalityOf(before)) {
      const known = shownAs(modality);
      if (!sameWindow(window, known)) store.setState({ display: { ...state.display, window: known } });
    } else if (window !== before.display.window && !sameWindow(window, shownAs(modality))) {
      const windows = { ...readJson<Windows>(memory, windowsKey, isWindows), [modality]: window };
      memory.setItem(windowsKey, JSON.stringify(windows));
    }
  });
}

/** That of the open study, as in DICOM: 'US'. Pictures that name none share one. Null while no study is open. */
function modalityOf({ studies, studyId }: Pick<SessionState, 'studies' | 'studyId'>): string | null {
  const study = studies.find(({ id }) => id === studyId);
  return study ? (study.modalities[0] ?? 'OT') : null;
}

/** What was remembered, or null where it is missing or of another shape. */
export function readJson<T>(memory: Memory, key: string, isShape: (value: unknown) => boolean): T | null {
  try {
    const value: unknown = JSON.parse(memory.getItem(key) ?? 'null');
    return isShape(value) ? (value as T) : null; // the shape was just looked at
  } catch {
    return null;
  }
}

/** Whether a value has those parts, each of the type that it has in the model. */
function isLike(value: unknown, model: object, names: readonly string[]): boolean {
  const parts: Readonly<Record<string, unknown>> = { ...model };
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, part]) => names.includes(name) && typeof part === typeof parts[name]) &&
    names.every((name) => name in value)
  );
}

function isWindows(value: unknown): boolean {
  const isWindow = (window: unknown): boolean =>
    isLike(window, wholeWindow, ['center', 'width', 'gamma']) &&
    sameWindow(changedWindow(window as GreyWindow, {}), window as GreyWindow); // its parts were just looked at
  return typeof value === 'object' && value !== null && Object.values(value).every(isWindow);
}

function pick<T, Name extends keyof T>(whole: T, names: readonly Name[]): Pick<T, Name> {
  // Each name of the list is one of the result.
  return Object.fromEntries(names.map((name) => [name, whole[name]])) as unknown as Pick<T, Name>;
}
