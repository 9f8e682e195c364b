// Owns how an outcome is told to the scanner: the status of a C-STORE response (PS3.4 table B.2-1, PS3.7 annex C) with a comment for its log.
import { AppError } from '../common/errors.ts';

export interface StoreStatus {
  readonly status: number;
  /** At most 64 characters, and nothing of the patient. */
  readonly comment: string;
}

export const stored: StoreStatus = { status: 0x0000, comment: '' };

export const classNotSupported: StoreStatus = { status: 0x0122, comment: 'SOP class not supported' };

/** What a failure means to the one who sent the object. */
export function statusOf(error: unknown): StoreStatus {
  if (!(error instanceof AppError)) return { status: 0x0110, comment: 'Processing failure' };
  switch (error.code) {
    case 'storage':
      return { status: 0xa700, comment: 'Out of resources: the disk is full or cannot be written' };
    case 'conflict':
      return { status: 0xa900, comment: 'Data set does not match the SOP class or instance' };
    case 'bad-input':
    case 'unsupported':
    case 'corrupt':
      return { status: 0xc000, comment: 'Cannot understand: the image cannot be read' };
    case 'not-found':
    case 'unauthorized':
    case 'engine':
    case 'fault':
      return { status: 0x0110, comment: 'Processing failure' };
  }
}
