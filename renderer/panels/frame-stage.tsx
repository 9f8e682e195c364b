// Owns the middle: the frame on black, the prompts over it, the decisions under it, and what is said when something is missing.
import { memo, type ReactElement, useState } from 'react';
import { Button, Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { FrameCanvas, type PictureState } from '../canvas/frame-canvas.tsx';
import { findCommand, runCommand } from '../commands/index.ts';
import { reopenFrame } from '../session/navigation.ts';
import { requestProposal } from '../session/proposals.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import { ComparisonTitles } from './comparison-titles.tsx';
import { DecisionBar } from './decision-bar.tsx';
import styles from './frame-stage.module.css';
import { PromptChips } from './prompt-chips.tsx';
import { Readout } from './readout.tsx';
import { SaveConflict } from './save-conflict.tsx';
import { TroubleNote } from './trouble-note.tsx';
import { ViewBar } from './view-bar.tsx';

export function FrameStage(): ReactElement {
  const [picture, setPicture] = useState<PictureState>({ kind: 'none' });
  const opening = useSessionState((state) => state.opening.kind);
  const loading = picture.kind === 'loading' || opening === 'busy';
  const [loadingForLong] = useDebouncedValue(loading, 100);
  return (
    <div className={styles.stage} data-testid="frame-stage" data-picture={picture.kind} data-opening={opening}>
      <FrameCanvas onPicture={setPicture} />
      {loading && loadingForLong && (
        <div className={styles.waiting} data-testid="frame-loading">
          <Loader size={28} color="gray" aria-label={t('stage.loading')} />
        </div>
      )}
      <div className={styles.top}>
        <Prompts />
        <Troubles pictureTrouble={picture.kind === 'failed' ? picture.message : null} />
      </div>
      <Controls />
      <Readout image={picture.kind === 'shown' ? picture.image : null} />
    </div>
  );
}

/** Not drawn again for what happens to the picture: going to another frame would, several times. */
const Prompts = memo(PromptChips);

/** What lies over the frame, whatever the state of its picture. */
const Controls = memo(function Controls(): ReactElement {
  const hasFrame = useSessionState((state) => state.frameId !== null);
  const hasLabel = useSessionState((state) => state.labelId !== null);
  return (
    <>
      {hasFrame && hasLabel && <DecisionBar />}
      {hasFrame && !hasLabel && <FirstLabel />}
      <EarlierLegend />
      <ComparisonTitles />
      <ViewBar />
    </>
  );
});

function FirstLabel(): ReactElement {
  const session = useSession();
  return (
    <div className={styles.firstLabel} data-testid="first-label">
      <p>{t('stage.firstLabel')}</p>
      <Button onClick={() => runCommand(session, findCommand('work.add-label'))}>{t('stage.addFirstLabel')}</Button>
    </div>
  );
}

function Troubles({ pictureTrouble }: { readonly pictureTrouble: string | null }): ReactElement {
  const session = useSession();
  const opening = useSessionState((state) => state.opening);
  const proposing = useSessionState((state) => state.proposing);
  const save = useSessionState((state) => state.save);
  return (
    <div className={styles.troubles}>
      {pictureTrouble && (
        <TroubleNote text={t('stage.noPicture', { reason: pictureTrouble })} testId="picture-trouble" />
      )}
      {opening.kind === 'failed' && (
        <TroubleNote text={t('stage.noAnnotation', { reason: opening.message })} testId="opening-trouble">
          <Button size="compact-sm" h={24} variant="default" onClick={() => void reopenFrame(session)}>
            {t('shared.tryAgain')}
          </Button>
        </TroubleNote>
      )}
      {proposing.kind === 'failed' && (
        <TroubleNote text={t('stage.noProposal', { reason: proposing.message })} testId="proposal-trouble">
          <Button size="compact-sm" h={24} variant="default" onClick={() => requestProposal(session)}>
            {t('stage.askAgain')}
          </Button>
        </TroubleNote>
      )}
      {save.kind === 'conflict' && <SaveConflict save={save} />}
    </div>
  );
}

/** Says what the dotted outline is, while there is one. */
function EarlierLegend(): ReactElement | null {
  const hasEarlier = useSessionState(
    (state) => state.earlierProposal !== null && !state.comparing && !state.masksHidden,
  );
  if (!hasEarlier) return null;
  return (
    <div className={styles.legend} data-testid="earlier-legend">
      <span className={styles.dotted} /> {t('stage.proposedBefore')}
      <span className={styles.dashed} /> {t('stage.proposedNow')}
    </div>
  );
}
