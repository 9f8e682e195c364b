// Owns YAML text: the only place where the parser is named.
import { parse } from 'yaml';
import { AppError } from '../common/errors.ts';

/** The value of a YAML document. Throws AppError('corrupt') that names the file and the place of the fault. */
export function parseYaml(text: string, fileName: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new AppError('corrupt', `${fileName} is not YAML: ${reason}`, { cause });
  }
}
