// Owns the figures of the open mask.
import { type ReactElement, useMemo } from 'react';
import { type MaskMeasures, measureRegion } from '../../electron/common/mask-measures.ts';
import { measureMask } from '../editor/measure.ts';
import { regionsOf } from '../session/frame-scale.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { MaskActions } from './mask-actions.tsx';
import styles from './mask-facts.module.css';
import { Figure, SideSection } from './side-section.tsx';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

export function MaskFacts(): ReactElement | null {
  const session = useSession();
  const version = useSessionState((state) => state.documentVersion);
  const frameId = useSessionState((state) => state.frameId);
  const regions = useSessionState(regionsOf);
  const facts = useMemo(() => {
    const document = session.editor.document;
    if (version < 0 || !document || document.frameId !== frameId) return null;
    const { mask, proposal, proposalMask } = document;
    return { ...measureMask(mask, proposalMask), proposal, measures: measureRegion(mask, regions) };
  }, [session, version, frameId, regions]);
  if (!facts) return null;
  const { proposal, changedPixels } = facts;
  return (
    <SideSection title="This mask" testId="mask-facts">
      {facts.measures && <PhysicalFigures measures={facts.measures} />}
      <Figure name="Pixels" testId="fact-area">
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

/** Area and axes in millimetres, or in pixels with the reason why. */
function PhysicalFigures({ measures }: { readonly measures: MaskMeasures }): ReactElement {
  const { inMillimetres, inPixels, region, refusal } = measures;
  const { longAxis, shortAxis, perimeter } = inMillimetres ?? inPixels;
  const unit = inMillimetres ? 'mm' : 'px';
  return (
    <>
      {inMillimetres && (
        <Figure name="Area" testId="fact-area-mm">
          {tenths.format(inMillimetres.area)} mm²
        </Figure>
      )}
      <Figure name="Long × short axis" testId="fact-axes">
        {tenths.format(longAxis)} × {tenths.format(shortAxis)} {unit}
      </Figure>
      <Figure name="Perimeter" testId="fact-perimeter">
        {tenths.format(perimeter)} {unit}
      </Figure>
      {refusal ? <p className={styles.refusal}>{refusal}</p> : <Figure name="Scale of">region {region}</Figure>}
    </>
  );
}
