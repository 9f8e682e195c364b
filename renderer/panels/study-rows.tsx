// Owns how each row of the study tree looks: patient, study, series, instance.
import type { ReactElement } from 'react';
import { Badge } from '@mantine/core';
import { IconCheck, IconChevronRight } from '@tabler/icons-react';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../electron/common/api.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { foldRow, openRow } from '../session/study-browser.ts';
import { type Patient, patientName, type TreeRow } from '../session/study-tree.ts';
import { t } from '../strings/index.ts';
import { ReviewMark } from './review-mark.tsx';
import styles from './study-tree.module.css';
import { Thumbnail } from './thumbnail.tsx';

interface StudyTreeRowProps {
  readonly row: TreeRow;
  readonly id: string;
  /** CSS pixels. */
  readonly top: number;
  readonly height: number;
  /** The keyboard is at this row. */
  readonly isActive: boolean;
  /** What it stands for is on the canvas. */
  readonly isOpen: boolean;
  readonly onActivate: () => void;
}

export function StudyTreeRow({ row, id, top, height, isActive, isOpen, onActivate }: StudyTreeRowProps): ReactElement {
  const session = useSession();
  return (
    <div
      id={id}
      className={styles.row}
      style={{ top, height: height - 2 }}
      role="treeitem"
      aria-level={row.level}
      aria-setsize={row.setSize}
      aria-posinset={row.position}
      aria-expanded={row.expanded ?? undefined}
      aria-selected={isOpen}
      data-kind={row.kind}
      data-active={isActive || undefined}
      data-open={isOpen || undefined}
      data-testid={`${row.kind}-row`}
      data-study-id={row.kind === 'study' ? row.study.id : undefined}
      data-instance-id={row.kind === 'instance' ? row.instance.id : undefined}
      // The keyboard stays where it was: arrows go on stepping through frames.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        onActivate();
        void openRow(session, row);
      }}
      onDoubleClick={() => row.expanded !== null && row.kind === 'study' && void foldRow(session, row, !row.expanded)}
    >
      {(row.kind === 'patient' || row.kind === 'study') && (
        <span
          className={styles.fold}
          aria-hidden
          data-testid="fold"
          onClick={(event) => {
            event.stopPropagation();
            onActivate();
            void foldRow(session, row, !row.expanded);
          }}
        >
          <IconChevronRight size={13} />
        </span>
      )}
      <RowContent row={row} />
    </div>
  );
}

function RowContent({ row }: { readonly row: TreeRow }): ReactElement {
  switch (row.kind) {
    case 'patient':
      return <PatientWords patient={row.patient} />;
    case 'study':
      return (
        <>
          <span className={styles.picture}>
            <Thumbnail frameId={row.study.firstFrameId} />
          </span>
          <Words title={row.study.title} about={aboutStudy(row.study)} />
          <ProgressMark {...row.study} />
        </>
      );
    case 'series':
      return <span className={styles.name}>{seriesWords(row.series)}</span>;
    case 'instance':
      return (
        <>
          <span className={styles.picture}>
            <Thumbnail frameId={row.instance.firstFrameId} />
          </span>
          <Words title={instanceTitle(row.instance, row.position)} about={row.instance.fileName} />
          <ProgressMark {...row.instance} />
        </>
      );
    case 'waiting':
      return <span>{t('studies.loading')}</span>;
  }
}

/** 'Patient 1', or who it is where the reader asked for that. */
function PatientWords({ patient }: { readonly patient: Patient }): ReactElement {
  const identities = useSessionState((state) => state.identities);
  const identity = identities.get(patient.key ?? '');
  const known = [identity?.name ? identity.id : null, identity?.birthDate].filter(Boolean);
  const count = patient.studies.length;
  return (
    <>
      <span className={styles.name} data-testid="patient-name" title={patient.key ?? undefined}>
        {[patientName(patient, identities), ...known].join(' · ')}
      </span>
      {count > 1 && <span className={styles.tally}>{t('studies.tally', { count })}</span>}
    </>
  );
}

function seriesWords({ place, seriesNumber, modality, description }: SeriesSummary): string {
  return [t('studies.series', { number: seriesNumber ?? place }), modality, description].filter(Boolean).join(' · ');
}

function Words({ title, about }: { readonly title: string; readonly about: string }): ReactElement {
  return (
    <span className={styles.words}>
      <span className={styles.title} title={title}>
        {title}
      </span>
      <span className={styles.about} title={about}>
        {about}
      </span>
    </span>
  );
}

function instanceTitle({ frameCount }: InstanceSummary, position: number): string {
  return frameCount > 1
    ? t('studies.cine', { number: position, count: frameCount })
    : t('studies.picture', { number: position });
}

function aboutStudy({ frameCount, cineCount, position, simulated, studyDate, modalities }: StudySummary): string {
  return [
    ...(studyDate === null ? [] : [studyDate]),
    ...modalities.filter((modality) => modality !== 'US'),
    t('studies.frames', { count: frameCount }),
    ...(cineCount > 0 ? [t('studies.cines', { count: cineCount })] : []),
    ...(position && position !== 'indis' ? [t(`prompts.values.${position}`)] : []),
    ...(simulated ? [t('studies.simulated')] : []),
  ].join(' · ');
}

/** How far the annotation is, by shape, figure and colour. */
function ProgressMark(
  progress: Pick<StudySummary, 'frameCount' | 'reviewedFrames' | 'editedFrames' | 'proposedFrames'>,
) {
  const { frameCount, reviewedFrames, editedFrames, proposedFrames } = progress;
  if (reviewedFrames === frameCount) {
    const words = frameCount === 1 ? t('studies.reviewed') : t('studies.allReviewed');
    return (
      <span className={styles.done} title={words}>
        <IconCheck size={14} stroke={2.5} role="img" aria-label={words} />
      </span>
    );
  }
  if (reviewedFrames > 0) {
    return (
      <Badge
        className={styles.count}
        variant="light"
        size="sm"
        title={t('studies.reviewedOf', { done: reviewedFrames, count: frameCount })}
      >
        {reviewedFrames}/{frameCount}
      </Badge>
    );
  }
  if (editedFrames > 0) return <ReviewMark mark="edited" />;
  return proposedFrames > 0 ? <ReviewMark mark="proposed" /> : null;
}
