// Owns what is said over the frame of an annotation that cannot be saved, and the reader's answer. Nothing is given up unseen: what
// somebody else has changed meanwhile is answered on its own frame.
import type { ReactElement } from 'react';
import { Button } from '@mantine/core';
import { messageOf } from '../../electron/common/errors.ts';
import { documentKey } from '../editor/save-queue.ts';
import type { SaveState } from '../editor/save-state.ts';
import { openFrame, reopenFrame } from '../session/navigation.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import { TroubleNote } from './trouble-note.tsx';

type Conflict = Extract<SaveState, { kind: 'conflict' }>;

export function SaveConflict({ save }: { readonly save: Conflict }): ReactElement {
  const session = useSession();
  const { frameId, labelId, refused, message } = save;
  const isOpen = useSessionState((state) => state.frameId === frameId && state.labelId === labelId);
  const name = useSessionState(({ labels }) => labels.find(({ id }) => id === labelId)?.name) ?? t('notices.thisLabel');
  const studyId = session.studyOfFrame.get(frameId);
  const tell = (error: unknown): void => {
    const text = messageOf(error);
    session.store.setState({ notice: { tone: 'trouble', text } });
  };
  const answer = (choice: 'keep-mine' | 'take-theirs'): void => {
    session.editor.saves
      .resolveConflict(documentKey(frameId, labelId), choice)
      .then(() => (choice === 'take-theirs' ? session.editor.discard(frameId, labelId) : undefined))
      .then(() => (isOpen ? reopenFrame(session) : undefined))
      .catch(tell);
  };
  // What it belongs to may be gone: then it cannot be shown any more.
  if (refused) {
    return (
      <TroubleNote text={t('stage.refused', { name, reason: message })} testId="save-refused">
        <Answer text={t('stage.giveUp')} onClick={() => answer('take-theirs')} />
      </TroubleNote>
    );
  }
  if (!isOpen && studyId !== undefined) {
    return (
      <TroubleNote text={t('stage.conflictElsewhere', { name })} testId="save-conflict">
        <Answer
          text={t('stage.showConflict')}
          onClick={() => void openFrame(session, studyId, frameId, labelId).catch(tell)}
        />
      </TroubleNote>
    );
  }
  return (
    <TroubleNote text={t('stage.conflict', { name })} testId="save-conflict">
      <Answer text={t('stage.keepMine')} onClick={() => answer('keep-mine')} />
      <Answer text={t('stage.takeTheirs')} onClick={() => answer('take-theirs')} />
    </TroubleNote>
  );
}

function Answer({ text, onClick }: { readonly text: string; readonly onClick: () => void }): ReactElement {
  return (
    <Button size="compact-sm" h={24} variant="default" onClick={onClick}>
      {text}
    </Button>
  );
}
