// Owns SonoSync's private elements (PS3.5 section 7.8), for what the standard has no place: the revision behind each mask, and frames in which
// a structure was looked for and is absent. Readers that do not know them pass over them.

/** The block that they lie in; whoever reads looks for the creator's name, since blocks may be moved. */
export const privateCreator = 'SONOSYNC';
export const privateGroup = 0x0099;
const block = 0x10;

/** Keyword, element within the block, value representation. */
const definitions = {
  /** In an item of the Segment Sequence: one item for each reviewed frame, also those in which the structure is absent. */
  SonoSyncAnnotationSequence: [0x01, 'SQ'],
  /** Of an annotation: accepted, edited, absent. */
  SonoSyncReviewState: [0x02, 'LO'],
  SonoSyncRevisionID: [0x03, 'UT'],
  /** The label's whole name, which may be longer than Segment Label. */
  SonoSyncLabelName: [0x04, 'UT'],
  /** The imported frame that a converted image shows, where its own identifiers differ. */
  SonoSyncOriginSOPInstanceUID: [0x05, 'UI'],
  SonoSyncOriginFrameNumber: [0x06, 'IS'],
} as const;

export type PrivateKeyword = keyof typeof definitions;

export function isPrivateKeyword(keyword: string): keyword is PrivateKeyword {
  return keyword in definitions;
}

export function privateElement(keyword: PrivateKeyword): { readonly tag: number; readonly vr: string } {
  const [element, vr] = definitions[keyword];
  return { tag: privateGroup * 0x10000 + block * 0x100 + element, vr };
}

/** The element that reserves the block: it has to be in every data set and item that has one of the block's elements. */
export const privateCreatorTag = privateGroup * 0x10000 + block;
