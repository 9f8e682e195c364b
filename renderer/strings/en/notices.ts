// Answers to what the reader did, in the line below the frame, and what is said when SonoSync itself does not answer.
export const notices = {
  noIdentities: 'No study here says whose it is.',
  nothingToCompare: 'There is nothing to compare yet: this label has no adapter. Synchronize it first.',
  nothingLeft: 'Nothing is left to annotate for this label.',
  needsTarget: 'Input {{input}} needs a target: drag a box around it.',
  wasHidden: 'The mask was hidden. Accept it if it is right.',
  nothingOutlined: 'Nothing is outlined here yet. Outline the structure, or say "not here".',
  locked: '{{name}} is locked. Unlock it in the list of labels to change it.',
  thisLabel: 'This label',
  finishDrawing: 'Finish what you are drawing first: Enter closes it, Escape gives it up.',
  proposalOnItsWay: 'The proposal for this frame is still on its way; there is nothing to accept yet.',
  pictureOnItsWay: 'The frame’s picture is still on its way. Try again in a moment.',
  pictureUnreadable: 'The frame’s picture cannot be read. {{reason}}',
  cannotMeasure: 'This cannot be measured. {{reason}}',
  measurementNotSaved: 'The measurement could not be saved. {{reason}}',
} as const;

export const connection = {
  noAnswer: 'SonoSync does not answer. Is it still running on this machine?',
  badStatus: 'SonoSync answered {{command}} with HTTP status {{status}} and no reply.',
  noReply: 'The answer to {{command}} is not a reply.',
  brokenContract: 'The answer to {{command}} does not keep to the contract: {{reason}}',
  notMessagePack: 'The answer is not MessagePack. Is this address SonoSync?',
} as const;
