// Owns what the network says of the class of the open structure, always with how far it is to be trusted. Where it says nothing, so does this.
import { type ReactElement, useMemo } from 'react';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownPercent, t } from '../strings/index.ts';
import styles from './class-facts.module.css';
import { Figure, SideSection } from './side-section.tsx';

export function ClassFacts(): ReactElement | null {
  const session = useSession();
  const version = useSessionState((state) => state.documentVersion);
  const frameId = useSessionState((state) => state.frameId);
  const said = useMemo(() => {
    const document = session.editor.document;
    if (version < 0 || !document || document.frameId !== frameId) return null;
    const { proposal, proposalMask } = document;
    // What was not found has no class.
    return proposalMask?.data.includes(1) ? (proposal?.classification ?? null) : null;
  }, [session, version, frameId]);
  if (!said) return null;
  const { expectedCalibrationError, validationCases, prevalence, auc } = said.calibration;
  const last = said.classes.at(-1)?.name ?? '';
  return (
    <SideSection title={t('classes.title')} testId="class-facts">
      {said.classes.map(({ name, probability }) => (
        <div key={name} data-testid={`class-${name}`}>
          <Figure name={name}>{shownPercent(probability)}</Figure>
          <div className={styles.track} aria-hidden>
            <div className={styles.bar} style={{ width: `${100 * probability}%` }} />
          </div>
        </div>
      ))}
      <p className={styles.note} data-testid="class-calibration">
        {t('classes.trust', {
          count: validationCases,
          share: shownPercent(prevalence),
          name: last,
          error: shownPercent(expectedCalibrationError),
          auc: shownPercent(auc),
        })}
      </p>
    </SideSection>
  );
}
