// Owns coded concepts (PS3.3 section 8, Code Sequence Macro) and what a label's prompts say in SNOMED CT, as DICOM uses it:
// categories and types of segments (PS3.16 CID 7150, 7159, 7166), organs (CID 4, Anatomic Region).
import { positions } from './prompts.ts';
import type { ObjectType, Position } from './prompts.ts';

export interface CodedConcept {
  readonly codeValue: string;
  readonly codingSchemeDesignator: string;
  readonly codeMeaning: string;
}

/** What a segment is: its category, its type, and where in the body it lies. */
export interface SegmentCode {
  readonly category: CodedConcept;
  readonly type: CodedConcept;
  readonly anatomicRegion: CodedConcept | null;
}

function snomed(codeValue: string, codeMeaning: string): CodedConcept {
  return { codeValue, codingSchemeDesignator: 'SCT', codeMeaning };
}

export const anatomicalStructure = snomed('91723000', 'Anatomical Structure');
export const abnormalStructure = snomed('49755003', 'Morphologically Abnormal Structure');
export const lesion = snomed('52988006', 'Lesion');
const organ = snomed('113343008', 'Organ');

/** The organ of each Position; `indis` names none. */
export const positionCodes: Readonly<Record<Position, CodedConcept | null>> = {
  ovary: snomed('15497006', 'Ovary'),
  breast: snomed('76752008', 'Breast'),
  thyroid: snomed('69748006', 'Thyroid'),
  carotid: snomed('69105007', 'Carotid Artery'),
  appendix: snomed('66754008', 'Appendix'),
  liver: snomed('10200004', 'Liver'),
  cardiac: snomed('80891009', 'Heart'),
  head: snomed('69536005', 'Head'),
  kidney: snomed('64033007', 'Kidney'),
  leg: snomed('61685007', 'Lower limb'),
  indis: null,
};

/** The code of a label that has none of its own: a lesion in the organ, or the organ itself. */
export function codeOfPrompts(position: Position, type: ObjectType): SegmentCode {
  const region = positionCodes[position];
  if (type === 'tumor') return { category: abnormalStructure, type: lesion, anatomicRegion: region };
  return { category: anatomicalStructure, type: region ?? organ, anatomicRegion: region };
}

/** The inverse, as far as codes tell: the position of the region or, for an organ, of the type. Null where they name none that is known here. */
export function promptsOfCode(code: SegmentCode): { readonly position: Position; readonly type: ObjectType } | null {
  const isOf = (concept: CodedConcept | null, position: Position) =>
    concept !== null &&
    concept.codingSchemeDesignator === 'SCT' &&
    concept.codeValue === positionCodes[position]?.codeValue;
  const position = positions.find((each) => isOf(code.anatomicRegion, each) || isOf(code.type, each));
  if (position === undefined) return null;
  return { position, type: code.category.codeValue === anatomicalStructure.codeValue ? 'organ' : 'tumor' };
}
