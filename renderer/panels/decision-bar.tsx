// Owns the decisions below the frame, and what stands above them: the hints of the first day, and the one sentence that answers the last action.
import type { ReactElement } from 'react';
import { CloseButton } from '@mantine/core';
import { isCarriedOver } from '../editor/history.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import { CommandButton } from './command-button.tsx';
import styles from './decision-bar.module.css';
import { Hints } from './hints.tsx';
import { type FrameMark, ReviewMark } from './review-mark.tsx';

export function DecisionBar(): ReactElement | null {
  const session = useSession();
  const notice = useSessionState((state) => state.notice);
  const masksHidden = useSessionState((state) => state.masksHidden);
  const mark = useSessionState((state): FrameMark | null => {
    const reviewState = state.documentVersion >= 0 ? session.editor.document?.state.reviewState : null;
    return reviewState && reviewState !== 'rejected' ? reviewState : null;
  });
  const isCarried = useSessionState((state) => {
    const document = state.documentVersion >= 0 ? session.editor.document : null;
    return document !== null && isCarriedOver(document.state);
  });
  return (
    <div className={styles.place}>
      <Hints />
      {notice && (
        <div className={styles.notice} data-tone={notice.tone} role="status" data-testid="notice">
          {notice.text}
          <CloseButton
            size="sm"
            aria-label={t('decisions.dismiss')}
            onClick={() => session.store.setState({ notice: null })}
          />
        </div>
      )}
      <div className={styles.bar} data-testid="decision-bar">
        {mark && (
          <span className={styles.state} data-testid="review-state" data-state={mark}>
            <ReviewMark mark={mark} size={15} />
            {isCarried
              ? t('reviewStates.carriedOver')
              : mark === 'edited'
                ? t('reviewStates.corrected')
                : t(`reviewStates.${mark}`)}
          </span>
        )}
        <CommandButton command="decide.accept" kind="primary" hint={t('decisions.accept')} />
        <CommandButton command="decide.absent" kind="plain" hint={t('decisions.absent')} />
        <CommandButton command="decide.back" kind="plain" hint={t('decisions.back')} />
        <CommandButton command="decide.hide" kind="plain" isOn={masksHidden} hint={t('decisions.hide')}>
          {masksHidden ? t('decisions.showWord') : t('decisions.hideWord')}
        </CommandButton>
      </div>
    </div>
  );
}
