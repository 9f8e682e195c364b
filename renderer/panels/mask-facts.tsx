// Owns the figures of the open mask.
import { type ReactElement, useMemo } from 'react';
import { measureMask } from '../editor/measure.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { MaskActions } from './mask-actions.tsx';
import { Figure, SideSection } from './side-section.tsx';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

export function MaskFacts(): ReactElement | null {
  const session = useSession();
  const version = useSessionState((state) => state.documentVersion);
  const frameId = useSessionState((state) => state.frameId);
  const facts = useMemo(() => {
    const document = session.editor.document;
    if (version < 0 || !document || document.frameId !== frameId) return null;
    const { mask, proposal, proposalMask } = document;
    return { ...measureMask(mask, proposalMask), proposal };
  }, [session, version, frameId]);
  if (!facts) return null;
  const { proposal, changedPixels } = facts;
  return (
    <SideSection title="This mask" testId="mask-facts">
      <Figure name="Area" testId="fact-area">
        {whole.format(facts.pixels)} px · {percent.format(facts.share)}
      </Figure>
      <Figure name="Parts and holes" testId="fact-parts">
        {facts.parts} · {facts.holes}
      </Figure>
      {changedPixels !== null && (
        <Figure name="Changed by hand" testId="fact-changed">
          {changedPixels === 0 ? 'nothing' : `${whole.format(changedPixels)} px`}
        </Figure>
      )}
      {facts.agreement !== null && changedPixels !== 0 && (
        <Figure name="Dice with the proposal" testId="fact-agreement">
          {facts.agreement.toFixed(3)}
        </Figure>
      )}
      {proposal && (
        <>
          <Figure name="Proposed by" testId="fact-model">
            {proposal.modelId}
          </Figure>
          <Figure name="Adapter" testId="fact-adapter">
            {proposal.adapterId ? 'this label’s own' : 'none'}
          </Figure>
          <Figure name="Uncertain" testId="fact-uncertainty">
            {percent.format(Math.min(1, proposal.uncertainty))} of the mask
          </Figure>
        </>
      )}
      <MaskActions />
    </SideSection>
  );
}
