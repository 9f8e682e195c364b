// Owns the left side: the studies, and what to annotate next.
import { type ReactElement, useState } from 'react';
import { Badge, ScrollArea, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import type { QueueItem, StudySummary } from '../../electron/common/api.ts';
import { openFrame, openStudy } from '../session/navigation.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import styles from './studies-panel.module.css';
import { Thumbnail } from './thumbnail.tsx';

const queueLength = 5;

export function StudiesPanel(): ReactElement {
  const [search, setSearch] = useState('');
  const studies = useSessionState((state) => state.studies);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = studies.filter((study) => {
    const text = `${study.title} ${study.position ?? ''} ${study.simulated ? 'simulated' : ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <aside className={styles.panel} data-testid="studies-panel" aria-label="Studies">
      <TextInput
        className={styles.search}
        placeholder="Search studies"
        aria-label="Search studies"
        leftSection={<IconSearch size={15} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        data-testid="study-search"
      />
      <ScrollArea className={styles.list} type="auto" scrollbarSize={8}>
        {found.map((study) => (
          <StudyRow key={study.id} study={study} />
        ))}
        {found.length === 0 && studies.length > 0 && <p className={styles.empty}>No study matches “{search}”.</p>}
      </ScrollArea>
      <NextToAnnotate />
    </aside>
  );
}

function StudyRow({ study }: { readonly study: StudySummary }): ReactElement {
  const session = useSession();
  const isOpen = useSessionState((state) => state.studyId === study.id);
  const done = study.reviewedFrames === study.frameCount;
  const about = [
    `${study.frameCount} ${study.frameCount === 1 ? 'frame' : 'frames'}`,
    ...(study.position && study.position !== 'indis' ? [study.position] : []),
    ...(study.simulated ? ['simulated'] : []),
  ];
  return (
    <UnstyledButton
      className={styles.row}
      data-on={isOpen || undefined}
      aria-current={isOpen || undefined}
      onClick={() => void openStudy(session, study.id)}
      data-testid="study-row"
      data-study-id={study.id}
    >
      <span className={styles.picture}>
        <Thumbnail frameId={study.firstFrameId} />
      </span>
      <span className={styles.words}>
        <span className={styles.title} title={study.title}>
          {study.title}
        </span>
        <span className={styles.about}>{about.join(' · ')}</span>
      </span>
      {done ? (
        <Tooltip label="Every frame is reviewed">
          <span className={styles.done}>
            <IconCheck size={14} stroke={2.5} aria-label="every frame is reviewed" />
          </span>
        </Tooltip>
      ) : (
        study.reviewedFrames > 0 && (
          <Tooltip label={`${study.reviewedFrames} of ${study.frameCount} frames reviewed`}>
            <Badge className={styles.count} variant="light" size="sm">
              {study.reviewedFrames}/{study.frameCount}
            </Badge>
          </Tooltip>
        )
      )}
    </UnstyledButton>
  );
}

/** A frame of the open study is named by its place there, as in the strip; of another by its study. */
function QueueTitle({ item }: { readonly item: QueueItem }): ReactElement {
  const place = useSessionState((state) => state.frames.findIndex((frame) => frame.id === item.frameId) + 1);
  const frameCount = useSessionState((state) => state.studies.find((study) => study.id === item.studyId)?.frameCount);
  const withNumber = frameCount === 1 ? item.studyTitle : `${item.studyTitle} · frame ${item.frameNumber}`;
  return (
    <span className={styles.title} title={item.studyTitle}>
      {place > 0 ? `Frame ${place} · this study` : withNumber}
    </span>
  );
}

function NextToAnnotate(): ReactElement | null {
  const session = useSession();
  const queue = useSessionState((state) => state.queue);
  const frameId = useSessionState((state) => state.frameId);
  const items = queue.filter((item) => item.frameId !== frameId).slice(0, queueLength);
  if (items.length === 0) return null;
  return (
    <section className={styles.next} aria-label="Next to annotate" data-testid="queue">
      <h2 className={styles.heading}>Next to annotate</h2>
      {items.map((item: QueueItem, index) => (
        <UnstyledButton
          key={item.frameId}
          className={styles.queued}
          data-first={index === 0 || undefined}
          onClick={() => void openFrame(session, item.studyId, item.frameId)}
          data-testid="queue-item"
        >
          <span className={styles.smallPicture}>
            <Thumbnail frameId={item.frameId} />
          </span>
          <span className={styles.words}>
            <QueueTitle item={item} />
            <span className={styles.about}>{item.reason}</span>
          </span>
          {index === 0 && <kbd className={styles.key}>N</kbd>}
        </UnstyledButton>
      ))}
    </section>
  );
}
