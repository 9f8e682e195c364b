// Owns one association with a scanner: what is accepted, C-ECHO, and C-STORE from the first byte to the response (PS3.4 annexes A and B).
// The library is the protocol; what it hands over is checked again here, since it goes on where an association was not accepted.
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type dimse from 'dcmjs-dimse';
import type { association, requests, responses } from 'dcmjs-dimse';
import { decodedSyntaxes } from '../dicom/transfer-syntaxes.ts';
import { fileMetaHeader } from '../dicom/write/file-meta.ts';
import type { Call, Refusal } from './callers.ts';
import { ReceivedFile } from './received-file.ts';
import { classNotSupported, statusOf, stored } from './statuses.ts';
import type { StoreStatus } from './statuses.ts';
import { storageClasses, verificationClass } from './storage-classes.ts';

export type DimseLibrary = typeof dimse;

/** An object that has arrived whole, in a file that goes when `store` has returned. */
export interface ReceivedObject {
  readonly path: string;
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly callingAeTitle: string;
}

export interface ProviderHost {
  /** Where temporary files go. */
  readonly folder: string;
  judge(call: Call): Promise<Refusal | null>;
  /** Keeps an object. Throws AppError where it cannot. */
  store(object: ReceivedObject): Promise<void>;
  onRefused(call: Call, refusal: Refusal): void;
  onStored(object: ReceivedObject): void;
  onFailed(object: ReceivedObject, error: unknown): void;
}

/** Larger ones save nothing. */
const maximumPduBytes = 256 * 1024;
/** How long a refused caller may take to hang up. */
const hangUpMs = 2000;

/** Answers a connection until it ends. `limitReached` refuses it for now. */
export function serveConnection(
  library: DimseLibrary,
  socket: Socket,
  host: ProviderHost,
  limit: Refusal | null,
): void {
  const { PresentationContextResult } = library.constants;

  class StorageProvider extends library.Scp {
    #call: Call | null = null;
    #accepted = false;
    #context: association.PresentationContext | null = null;
    #file: ReceivedFile | null = null;

    override associationRequested(asked: association.Association): void {
      if (this.#call) {
        socket.destroy();
        return;
      }
      this.#call = {
        callingAeTitle: asked.getCallingAeTitle().trim(),
        calledAeTitle: asked.getCalledAeTitle().trim(),
        address: socket.remoteAddress ?? '',
      };
      this.#answer(asked, this.#call).catch(() => socket.destroy());
    }

    async #answer(asked: association.Association, call: Call): Promise<void> {
      const refusal = limit ?? (await host.judge(call));
      if (refusal) {
        host.onRefused(call, refusal);
        this.sendAssociationReject(refusal.result, refusal.source, refusal.reason);
        setTimeout(() => socket.destroy(), hangUpMs).unref();
        return;
      }
      for (const { context } of asked.getPresentationContexts()) answerContext(context);
      const offered = asked.getMaxPduLength();
      asked.setMaxPduLength(offered === 0 ? maximumPduBytes : Math.min(offered, maximumPduBytes));
      this.#accepted = true;
      this.sendAssociationAccept();
    }

    override associationReleaseRequested(): void {
      this.sendAssociationReleaseResponse();
    }

    override cEchoRequest(request: requests.CEchoRequest, callback: (response: responses.CEchoResponse) => void): void {
      const response = library.responses.CEchoResponse.fromRequest(request);
      response.setStatus(library.constants.Status.Success);
      if (this.#accepted) callback(response);
      else socket.destroy();
    }

    override createStoreWritableStream(
      context: association.PresentationContext,
      request: requests.CStoreRequest,
    ): Writable {
      const transferSyntaxUID = context.getAcceptedTransferSyntaxUid();
      if (!this.#accepted || context.getResult() !== PresentationContextResult.Accept || !transferSyntaxUID) {
        socket.destroy();
        return swallow();
      }
      this.#context = context;
      const file = new ReceivedFile(
        join(host.folder, `${randomUUID()}.part`),
        fileMetaHeader({
          sopClassUID: request.getAffectedSopClassUid(),
          sopInstanceUID: request.getAffectedSopInstanceUid(),
          transferSyntaxUID,
        }),
      );
      // The sender waits while the disk does.
      file.on('drain', () => socket.resume());
      file.on('error', () => socket.destroy());
      this.#file = file;
      return file;
    }

    /** Called when the last fragment came; the data set itself stays in the file. */
    override createDatasetFromStoreWritableStream(
      _stream: Writable,
      _context: association.PresentationContext,
      callback: (dataset: dimse.Dataset) => void,
    ): void {
      callback(new library.Dataset({}));
    }

    override cStoreRequest(
      request: requests.CStoreRequest,
      callback: (response: responses.CStoreResponse) => void,
    ): void {
      const response = library.responses.CStoreResponse.fromRequest(request);
      const answer = ({ status, comment }: StoreStatus): void => {
        if (socket.destroyed) return;
        response.setStatus(status);
        if (comment !== '') response.setErrorComment(comment);
        callback(response);
      };
      this.#store(request).then(answer, (error: unknown) => answer(statusOf(error)));
    }

    async #store(request: requests.CStoreRequest): Promise<StoreStatus> {
      const file = this.#file;
      this.#file = null;
      if (!file || !this.#call) return statusOf(new Error('There is no data set.'));
      try {
        const sopClassUID = request.getAffectedSopClassUid();
        if (!storageClasses.includes(sopClassUID) || sopClassUID !== this.#context?.getAbstractSyntaxUid()) {
          return classNotSupported;
        }
        const object: ReceivedObject = {
          path: file.path,
          sopClassUID,
          sopInstanceUID: request.getAffectedSopInstanceUid(),
          callingAeTitle: this.#call.callingAeTitle,
        };
        try {
          await file.whole();
          await host.store(object);
        } catch (error) {
          host.onFailed(object, error);
          return statusOf(error);
        }
        host.onStored(object);
        return stored;
      } finally {
        await file.discard();
      }
    }

    /** The connection is gone: what has not arrived whole is thrown away. */
    dropUnfinished(): void {
      const file = this.#file;
      this.#file = null;
      void file?.discard();
    }

    override abort(): void {
      socket.destroy();
    }

    get waiting(): boolean {
      return this.#file?.writableNeedDrain ?? false;
    }
  }

  const provider = new StorageProvider(socket, { connectTimeout: 120_000, pduTimeout: 60_000 });
  // The library's own server sets this; it starts the clock of the time limits.
  Object.assign(provider, { connected: true, connectedTime: Date.now() });
  socket.on('data', () => {
    if (provider.waiting) socket.pause();
  });
  provider.on('networkError', () => socket.destroy());
  socket.on('close', () => provider.dropUnfinished());
}

/** The first of the caller's syntaxes that is decoded here; verification takes any of the plain ones. */
function answerContext(context: association.PresentationContext): void {
  const abstractSyntax = context.getAbstractSyntaxUid();
  const isStorage = storageClasses.includes(abstractSyntax);
  if (!isStorage && abstractSyntax !== verificationClass) {
    context.setResult(3); // abstract syntax not supported (PS3.8 table 9-18)
    return;
  }
  const syntax = context.getTransferSyntaxUids().find((uid) => decodedSyntaxes.includes(uid));
  if (syntax) context.setResult(0, syntax);
  else context.setResult(4); // transfer syntaxes not supported
}

function swallow(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
