// Owns what the network says of the class of the open structure, always with how far it is to be trusted. Where it says nothing, so does this.
import { type ReactElement, useMemo } from 'react';
import { useSession, useSessionState } from '../session/hooks.ts';
import styles from './class-facts.module.css';
import { Figure, SideSection } from './side-section.tsx';

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });

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
    <SideSection title="Class, by the network" testId="class-facts">
      {said.classes.map(({ name, probability }) => (
        <div key={name} data-testid={`class-${name}`}>
          <Figure name={name}>{percent.format(probability)}</Figure>
          <div className={styles.track} aria-hidden>
            <div className={styles.bar} style={{ width: percent.format(probability) }} />
          </div>
        </div>
      ))}
      <p className={styles.note} data-testid="class-calibration">
        On {validationCases} validation images ({percent.format(prevalence)} {last}) such a figure was off by{' '}
        {percent.format(expectedCalibrationError)} on average, and {percent.format(auc)} of the pairs were put in the
        right order. Not a diagnosis.
      </p>
    </SideSection>
  );
}
