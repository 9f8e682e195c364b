// Owns the figures of the open mask.
import { type ReactElement, useMemo } from 'react';
import { traceContours } from '../../electron/common/contour.ts';
import { type MaskMeasures, measureRegion } from '../../electron/common/mask-measures.ts';
import { measureMask } from '../editor/measure.ts';
import { regionsOf } from '../session/frame-scale.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { refusalWords } from '../session/measurement-words.ts';
import { shownNumber, shownPercent, t } from '../strings/index.ts';
import { MaskActions } from './mask-actions.tsx';
import styles from './mask-facts.module.css';
import { Figure, SideSection } from './side-section.tsx';

export function MaskFacts(): ReactElement | null {
  const session = useSession();
  const version = useSessionState((state) => state.documentVersion);
  const frameId = useSessionState((state) => state.frameId);
  const regions = useSessionState(regionsOf);
  const facts = useMemo(() => {
    const document = session.editor.document;
    if (version < 0 || !document || document.frameId !== frameId) return null;
    const { mask, proposal, proposalMask } = document;
    const contours = traceContours(mask);
    return {
      ...measureMask(mask, proposalMask, contours),
      proposal,
      measures: measureRegion(mask, regions, contours),
    };
  }, [session, version, frameId, regions]);
  if (!facts) return null;
  const { proposal, changedPixels } = facts;
  return (
    <SideSection title={t('mask.title')} testId="mask-facts">
      {facts.measures && <PhysicalFigures measures={facts.measures} />}
      <Figure name={t('mask.pixels')} testId="fact-area">
        {t('mask.pixelsAndShare', { count: facts.pixels, share: shownPercent(facts.share, 1) })}
      </Figure>
      <Figure name={t('mask.partsAndHoles')} testId="fact-parts">
        {facts.parts} · {facts.holes}
      </Figure>
      {changedPixels !== null && (
        <Figure name={t('mask.changedByHand')} testId="fact-changed">
          {changedPixels === 0 ? t('mask.nothing') : t('mask.changedPixels', { count: changedPixels })}
        </Figure>
      )}
      {facts.agreement !== null && changedPixels !== 0 && (
        <Figure name={t('mask.dice')} testId="fact-agreement">
          {shownNumber(facts.agreement, 3)}
        </Figure>
      )}
      {proposal && (
        <>
          <Figure name={t('mask.proposedBy')} testId="fact-model">
            {proposal.modelId}
          </Figure>
          <Figure name={t('mask.adapter')} testId="fact-adapter">
            {proposal.adapterId ? t('mask.ownAdapter') : t('mask.noAdapter')}
          </Figure>
          <Figure name={t('mask.uncertain')} testId="fact-uncertainty">
            {t('mask.uncertainShare', { share: shownPercent(Math.min(1, proposal.uncertainty), 1) })}
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
  const length = (value: number): string => {
    const figure = shownNumber(value, 1);
    return inMillimetres ? t('units.mm', { figure }) : t('units.px', { figure });
  };
  return (
    <>
      {inMillimetres && (
        <Figure name={t('mask.area')} testId="fact-area-mm">
          {t('units.mm²', { figure: shownNumber(inMillimetres.area, 1) })}
        </Figure>
      )}
      <Figure name={t('mask.axes')} testId="fact-axes">
        {shownNumber(longAxis, 1)} × {length(shortAxis)}
      </Figure>
      <Figure name={t('mask.perimeter')} testId="fact-perimeter">
        {length(perimeter)}
      </Figure>
      {refusal && <p className={styles.refusal}>{refusalWords(refusal)}</p>}
      {region !== null && <Figure name={t('mask.scaleOf')}>{t('regions.number', { number: region })}</Figure>}
    </>
  );
}
