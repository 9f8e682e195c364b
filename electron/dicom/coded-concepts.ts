// Owns reading items of the Code Sequence Macro (PS3.3 section 8).
import type { CodedConcept } from '../common/codes.ts';
import type { DataSet } from './data-set.ts';
import type { Keyword } from './dictionary.ts';

/** The first code of a sequence; null without one. */
export function readCode(item: DataSet | null, keyword: Keyword): CodedConcept | null {
  const found = item?.items(keyword)[0] ?? null;
  const codeValue = found?.text('CodeValue') ?? null;
  if (found === null || codeValue === null) return null;
  const codingSchemeDesignator = found.text('CodingSchemeDesignator') ?? '';
  return { codeValue, codingSchemeDesignator, codeMeaning: found.text('CodeMeaning') ?? '' };
}
