// The frame in the middle: what is said over it, the prompts above, the decisions below, the strip and the cine.
export const stage = {
  loading: 'The frame is loading',
  firstLabel: 'What do you want to outline in these frames?',
  addFirstLabel: 'Add the first label',
  noPicture: 'The frame cannot be shown. {{reason}}',
  noAnnotation: 'The annotation cannot be loaded. {{reason}}',
  noProposal: 'There is no proposal. {{reason}}',
  notRefined: 'The proposal stays as it was at the first look. {{reason}}',
  askAgain: 'Ask again',
  conflict: 'Not saved: {{name}} in this frame was changed elsewhere while you worked on it. Here is yours.',
  conflictElsewhere: 'Not saved: {{name}} in another frame was changed elsewhere while you worked on it.',
  showConflict: 'Show it',
  refused: '{{name}} cannot be saved in one of the frames. {{reason}}',
  giveUp: 'Give it up',
  unseen: 'not seen by the model',
  keepMine: 'Keep mine',
  takeTheirs: 'Take theirs',
  proposedBefore: 'proposed before',
  proposedNow: 'proposed now',
} as const;

/** <kbd> and </kbd> around what is printed on a key. */
export const hints = {
  paint: 'Correct the dashed proposal: <kbd>{{paint}}</kbd> paints, <kbd>{{erase}}</kbd> erases',
  undo: 'Take any stroke back: <kbd>{{undo}}</kbd>',
  decide: 'Right? <kbd>{{accept}}</kbd> accepts. Nothing there? <kbd>{{absent}}</kbd>',
  done: 'done',
  dismiss: 'Dismiss the hints',
} as const;

export const decisions = {
  accept: 'The outline is right: accept and go to the next',
  absent: 'The structure is not in this frame',
  back: 'Give up the changes for the proposal',
  hide: 'Hide or show the outlines',
  hideWord: 'Hide',
  showWord: 'Show',
  dismiss: 'Dismiss',
} as const;

/** What somebody has said of a frame, or nobody yet. */
export const reviewStates = {
  accepted: 'accepted',
  absent: 'not here',
  edited: 'corrected, not accepted yet',
  proposed: 'proposed',
  learn: 'most to learn from',
  corrected: 'corrected',
  carriedOver: 'carried over',
} as const;

/** Object, Task, Input and Position are the names that PerceptGuide's authors gave its prompts. */
export const prompts = {
  title: 'Prompts',
  type: { title: 'Object', meaning: 'What is looked for: a lesion or a whole organ.' },
  task: { title: 'Task', meaning: 'Outline it, or classify what is seen.' },
  mode: { title: 'Input', meaning: 'The whole frame, a crop around a target, or a marked target.' },
  position: { title: 'Position', meaning: 'The part of the body.' },
  chosen: 'Chosen.',
  guessed: 'Guessed from the label.',
  suggested: 'The file suggests {{value}}.',
  fromFile: 'file',
  busy: 'The proposal is on its way',
  values: {
    ovary: 'ovary',
    breast: 'breast',
    thyroid: 'thyroid',
    carotid: 'carotid',
    appendix: 'appendix',
    liver: 'liver',
    cardiac: 'heart',
    head: 'fetal head',
    kidney: 'kidney',
    leg: 'leg',
    indis: 'not specified',
    segmentation: 'segment',
    classification: 'classify',
    whole: 'whole',
    local: 'local',
    location: 'location',
    tumor: 'tumor',
    organ: 'organ',
  },
} as const;

/** Below the pointer. */
export const readout = {
  pixel: '{{x}}, {{y}} px',
  grey: 'grey {{value}}',
  color: 'RGB {{red}} {{green}} {{blue}}',
  millimetres: '{{x}}, {{y}} mm',
  scale: '{{both}} mm/px',
  scales: '{{x}} × {{y}} mm/px',
  scaleOfRegion: '{{scale}} · region {{region}}',
  noScaleInFile: 'no scale in the file',
  noScaleHere: 'no scale here',
} as const;

/** The card of brightness, contrast and turning. */
export const viewCard = {
  bar: 'View',
  title: 'Brightness, contrast, turning, ruler',
  hint: 'Or drag on the frame with the right button: up is brighter, right is more contrast.',
  brightness: 'Brightness',
  contrast: 'Contrast',
  gamma: 'Gamma',
  level: 'level {{figure}}',
  width: 'width {{figure}}',
  presets: {
    whole: 'As stored',
    contrast: 'More contrast',
    dark: 'Dark tissue and fluid',
    bright: 'Bright tissue and bone',
    soft: 'Softer',
  },
  faults: 'Found in this file',
} as const;

export const strip = {
  frames: 'Frames',
  frame: 'Frame {{number}}',
  frameMarked: 'Frame {{number}} · {{state}}',
  frameRead: 'Frame {{number}}, {{state}}',
} as const;

export const cine = {
  title: 'Cine',
  play: 'Play',
  pause: 'Pause',
  timeline: 'Frame of the cine',
  place: 'Frame {{number}} of {{count}}',
  speed: 'Speed {{speed}}×',
  times: '{{speed}}×',
  rate: '{{rate}} frames a second',
  guessedRate: '{{rate}} frames a second, which the file does not say',
  slower: '{{key}} slower',
  faster: '{{key}} faster',
  loop: 'Plays round and round',
  backAndForth: 'Plays back and forth',
  changedBy: '{{order}} · {{key}} changes it',
} as const;

/** Proposals for every frame of a cine or a study. */
export const proposals = {
  starting: 'Proposing …',
  progress_one: 'Proposed for {{done}} of {{count}} frame',
  progress_other: 'Proposed for {{done}} of {{count}} frames',
  rate: '{{rate}} a second',
  notAll_one: 'Proposed for {{done}} of {{count}} frame. {{reason}}',
  notAll_other: 'Proposed for {{done}} of {{count}} frames. {{reason}}',
  cancelled_one: 'Proposing was cancelled; {{count}} frame of {{total}} has its proposal.',
  cancelled_other: 'Proposing was cancelled; {{count}} frames of {{total}} have their proposal.',
  allThere: 'Every frame has its proposal already.',
  done_one: 'Proposed for {{count}} frame, {{rate}} frames a second.',
  done_other: 'Proposed for {{count}} frames, {{rate}} frames a second.',
} as const;

/** A structure followed through the frames of a cine. */
export const carryOver = {
  progress_one: 'Followed through {{done}} of {{count}} frame',
  progress_other: 'Followed through {{done}} of {{count}} frames',
  firstFrame: 'This is the first frame.',
  lastFrame: 'This is the last frame.',
  nothingToFollow: 'There is no mask in this frame to follow.',
  done_one: 'Carried over to {{count}} frame. {{end}}',
  done_other: 'Carried over to {{count}} frames. {{end}}',
  reachedFirst: 'It reached the first frame.',
  reachedLast: 'It reached the last frame.',
  cancelled: 'It was cancelled.',
  stoppedBefore: 'It stopped before frame {{number}}, which is annotated.',
  stoppedIn: 'It stopped in frame {{number}}: {{reason}}.',
  stopped: 'It stopped: {{reason}}',
  nothingFound: 'nothing is found',
  unsure: 'the model is only {{percent}} % sure',
  littleOverlap: 'the mask overlaps the one before by only {{percent}} %',
  otherSize: 'Masks differ in size: {{one}} and {{other}}.',
  needsKeyFrames: 'Interpolation needs an annotated frame before and one after this one.',
  interpolated_one: 'Interpolated {{count}} frame between frames {{from}} and {{to}}.',
  interpolated_other: 'Interpolated {{count}} frames between frames {{from}} and {{to}}.',
} as const;

export const queue = {
  title: 'Next to annotate',
  ofThisCine: 'Frame {{number}} · this cine',
  ofThisStudy: 'Frame {{number}} · this study',
  ofStudy: '{{title}} · frame {{number}}',
} as const;
