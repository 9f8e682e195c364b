// Owns what the network says of the class of the open structure, always with how far it is to be trusted. Where it says nothing, so does this.
import { type ReactElement, useMemo } from 'react';
import { useDebouncedValue } from '@mantine/hooks';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownPercent, t } from '../strings/index.ts';
import styles from './class-facts.module.css';
import { Figure, SideSection } from './side-section.tsx';

/** A second look says of the class what the first one could not; until then what was said last of this frame stays. */
const secondLookMs = 250;

/** The classes of the starter, and of what is trained here, are words of the interface; those of other models are said as they are. */
function shownClass(name: string): string {
  if (name === 'benign') return t('classes.benign');
  return name === 'malignant' ? t('classes.malignant') : name;
}

export function ClassFacts(): ReactElement | null {
  const session = useSession();
  const version = useSessionState((state) => state.documentVersion);
  const frameId = useSessionState((state) => state.frameId);
  const said = useMemo(() => {
    const document = session.editor.document;
    if (version < 0 || !document || document.frameId !== frameId) return null;
    const { proposal, proposalMask } = document;
    // What was not found has no class.
    const classification = proposalMask?.data.includes(1) ? (proposal?.classification ?? null) : null;
    return { frameId, classification, provisional: proposal?.provisional === true };
  }, [session, version, frameId]);
  const [before] = useDebouncedValue(said, secondLookMs);
  const kept = said?.provisional && before?.frameId === frameId ? before : said;
  if (!kept?.classification) return null;
  const { classes, calibration } = kept.classification;
  const { expectedCalibrationError, validationCases, prevalence, auc } = calibration;
  const last = shownClass(classes.at(-1)?.name ?? '');
  return (
    <SideSection title={t('classes.title')} testId="class-facts">
      {classes.map(({ name, probability }) => (
        <div key={name} data-testid={`class-${name}`}>
          <Figure name={shownClass(name)}>{shownPercent(probability)}</Figure>
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
