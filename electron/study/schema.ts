// Owns the tables of a workspace and the steps from one version of them to the next (PRAGMA user_version).
import { AppError } from '../common/errors.ts';
import type { Database } from './database.ts';
import { number } from './rows.ts';

/** 'SONO' in ASCII: tells a workspace from other SQLite files. */
const applicationId = 0x534f4e4f;

/** Step i takes version i to version i + 1. A step that was released is never edited. */
const migrations: readonly string[] = [
  `
  CREATE TABLE studies (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    study_instance_uid TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    patient_key TEXT,
    position TEXT,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    imported_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE series (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    study_id TEXT NOT NULL REFERENCES studies (id),
    series_instance_uid TEXT NOT NULL,
    -- Files whose identity was removed carelessly share a series UID across studies.
    UNIQUE (study_id, series_instance_uid)
  ) STRICT;

  CREATE TABLE instances (
    id TEXT PRIMARY KEY,
    series_id TEXT NOT NULL REFERENCES series (id),
    sop_instance_uid TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    object_hash TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    frame_count INTEGER NOT NULL,
    pixel_aspect_ratio REAL NOT NULL,
    regions TEXT NOT NULL,
    warnings TEXT NOT NULL
  ) STRICT;
  CREATE INDEX instances_of_series ON instances (series_id, sort_key);
  CREATE INDEX instances_by_object ON instances (object_hash);

  CREATE TABLE frames (
    id TEXT PRIMARY KEY,
    instance_id TEXT NOT NULL REFERENCES instances (id),
    study_id TEXT NOT NULL REFERENCES studies (id),
    frame_number INTEGER NOT NULL CHECK (frame_number >= 1),
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    UNIQUE (instance_id, frame_number)
  ) STRICT;
  CREATE INDEX frames_of_study ON frames (study_id);

  CREATE TABLE labels (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL UNIQUE,
    color TEXT NOT NULL,
    position TEXT NOT NULL,
    type TEXT NOT NULL,
    active_adapter_id TEXT REFERENCES adapters (id)
  ) STRICT;

  CREATE TABLE proposals (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    frame_id TEXT NOT NULL REFERENCES frames (id),
    label_id TEXT NOT NULL REFERENCES labels (id),
    prompts TEXT NOT NULL,
    box TEXT,
    model_id TEXT NOT NULL,
    model_hash TEXT NOT NULL,
    adapter_id TEXT REFERENCES adapters (id),
    mask BLOB NOT NULL,
    mean_probability REAL NOT NULL,
    uncertainty REAL NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX proposals_of_frame ON proposals (frame_id, label_id, sequence, uncertainty);
  CREATE INDEX proposals_of_label ON proposals (label_id, frame_id, sequence, uncertainty);

  CREATE TABLE revisions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tracking_uid TEXT NOT NULL,
    frame_id TEXT NOT NULL REFERENCES frames (id),
    label_id TEXT NOT NULL REFERENCES labels (id),
    -- UNIQUE: the history of an annotation is a line, never a tree.
    parent_id TEXT UNIQUE REFERENCES revisions (id),
    proposal_id TEXT REFERENCES proposals (id),
    review_state TEXT NOT NULL,
    segment_algorithm_type TEXT NOT NULL,
    mask BLOB NOT NULL,
    gesture TEXT NOT NULL,
    reader TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX first_revisions ON revisions (frame_id, label_id) WHERE parent_id IS NULL;
  CREATE INDEX revisions_of_frame ON revisions (frame_id, label_id, sequence, review_state);
  CREATE INDEX revisions_of_label ON revisions (label_id, frame_id, sequence, review_state);

  CREATE TABLE adapters (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    label_id TEXT NOT NULL REFERENCES labels (id),
    model_hash TEXT NOT NULL,
    prompts TEXT NOT NULL,
    train_revision_ids TEXT NOT NULL,
    validation_revision_ids TEXT NOT NULL,
    seed INTEGER NOT NULL,
    settings TEXT NOT NULL,
    metrics TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX adapters_of_label ON adapters (label_id, sequence);

  ${['proposals', 'revisions', 'adapters'].map(appendOnly).join('\n')}
  `,
  // A label may have an active adapter for each base model: with another base it rests, and is at work again when that base is chosen again.
  `
  CREATE TABLE active_adapters (
    label_id TEXT NOT NULL REFERENCES labels (id),
    model_hash TEXT NOT NULL,
    adapter_id TEXT NOT NULL REFERENCES adapters (id),
    PRIMARY KEY (label_id, model_hash)
  ) STRICT;
  INSERT INTO active_adapters (label_id, model_hash, adapter_id)
    SELECT labels.id, adapters.model_hash, adapters.id
    FROM labels JOIN adapters ON adapters.id = labels.active_adapter_id;
  `,
  // What DICOM files say of their study, series and themselves. Rows from before know none of it.
  `
  ALTER TABLE studies ADD COLUMN patient_name TEXT;
  ALTER TABLE studies ADD COLUMN patient_id TEXT;
  ALTER TABLE studies ADD COLUMN patient_birth_date TEXT;
  ALTER TABLE studies ADD COLUMN patient_sex TEXT;
  ALTER TABLE studies ADD COLUMN study_date TEXT;
  ALTER TABLE studies ADD COLUMN study_time TEXT;
  ALTER TABLE studies ADD COLUMN study_identifier TEXT;
  ALTER TABLE studies ADD COLUMN accession_number TEXT;
  ALTER TABLE studies ADD COLUMN study_description TEXT;

  ALTER TABLE series ADD COLUMN modality TEXT;
  ALTER TABLE series ADD COLUMN series_number INTEGER;
  ALTER TABLE series ADD COLUMN series_description TEXT;
  ALTER TABLE series ADD COLUMN protocol_name TEXT;
  ALTER TABLE series ADD COLUMN body_part_examined TEXT;
  ALTER TABLE series ADD COLUMN laterality TEXT;
  ALTER TABLE series ADD COLUMN manufacturer TEXT;
  ALTER TABLE series ADD COLUMN manufacturer_model_name TEXT;

  ALTER TABLE instances ADD COLUMN sop_class_uid TEXT;
  ALTER TABLE instances ADD COLUMN transfer_syntax_uid TEXT;
  ALTER TABLE instances ADD COLUMN photometric_interpretation TEXT;
  ALTER TABLE instances ADD COLUMN lossy_image_compression INTEGER CHECK (lossy_image_compression IN (0, 1));
  ALTER TABLE instances ADD COLUMN instance_number INTEGER;
  ALTER TABLE instances ADD COLUMN acquisition_date TEXT;
  ALTER TABLE instances ADD COLUMN acquisition_time TEXT;
  ALTER TABLE instances ADD COLUMN image_laterality TEXT;
  ALTER TABLE instances ADD COLUMN anatomic_regions TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE instances ADD COLUMN frame_durations_ms TEXT;
  `,
  // Multi-frame files may give each frame a scale of its own.
  `
  ALTER TABLE instances ADD COLUMN frame_regions TEXT;
  `,
  // What a label is in coded terms, its place in the reader's order, and whether it is put away. One that was removed keeps its row, since
  // proposals name it, under a name that is no longer in anyone's way.
  `
  ALTER TABLE labels ADD COLUMN code TEXT;
  ALTER TABLE labels ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE labels ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));
  ALTER TABLE labels ADD COLUMN removed_at TEXT;
  UPDATE labels SET place = sequence;
  `,
  `
  CREATE TABLE measurements (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tracking_uid TEXT NOT NULL,
    parent_id TEXT UNIQUE REFERENCES measurements (id),
    frame_id TEXT NOT NULL REFERENCES frames (id),
    label_id TEXT REFERENCES labels (id),
    kind TEXT NOT NULL,
    points TEXT NOT NULL,
    removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
    reader TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX first_measurements ON measurements (tracking_uid) WHERE parent_id IS NULL;
  CREATE INDEX measurements_of_frame ON measurements (frame_id, tracking_uid, sequence);
  ${appendOnly('measurements')}
  `,
  // What the network said of the class, as JSON.
  `
  ALTER TABLE proposals ADD COLUMN classification TEXT;
  `,
  // Videos are decoded once; their frames lie in an object of their own.
  'ALTER TABLE instances ADD COLUMN frames_hash TEXT;',
  // The Object that the words of a study suggest, beside its position.
  'ALTER TABLE studies ADD COLUMN object_type TEXT;',
  // Annotations from elsewhere that wait for a decision, since both sides had changed.
  `
  CREATE TABLE annotation_conflicts (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    frame_id TEXT NOT NULL REFERENCES frames (id),
    label_id TEXT NOT NULL REFERENCES labels (id),
    our_revision_id TEXT NOT NULL REFERENCES revisions (id),
    their_revision_id TEXT,
    review_state TEXT NOT NULL,
    segment_algorithm_type TEXT NOT NULL,
    mask BLOB NOT NULL,
    reader TEXT NOT NULL,
    source TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('ours', 'theirs')),
    decided_at TEXT,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX conflicts_of_annotation ON annotation_conflicts (frame_id, label_id);
  `,
  // What the network said before it looked again.
  'ALTER TABLE proposals ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1));',
  // What the network said while a structure was followed through frames: it stands behind the mask that was carried over, and is never what
  // a frame is proposed, so the indexes of that leave it out.
  `
  ALTER TABLE proposals ADD COLUMN followed INTEGER NOT NULL DEFAULT 0 CHECK (followed IN (0, 1));
  DROP INDEX proposals_of_frame;
  DROP INDEX proposals_of_label;
  CREATE INDEX proposals_of_frame ON proposals (frame_id, label_id, sequence, uncertainty) WHERE followed = 0;
  CREATE INDEX proposals_of_label ON proposals (label_id, frame_id, sequence, uncertainty) WHERE followed = 0;
  `,
  // Each annotation or measurement from elsewhere is looked for under its tracking UID.
  `
  CREATE INDEX revisions_by_tracking ON revisions (tracking_uid);
  CREATE INDEX measurements_by_tracking ON measurements (tracking_uid, sequence);
  `,
];

export const schemaVersion = migrations.length;

/**
 * Throws, before anything is written, AppError('unsupported') for tables of a newer SonoSync and AppError('bad-input') for another
 * program's database.
 */
export function refuseForeignDatabase(database: Database): void {
  const version = pragma(database, 'user_version');
  const tables = number(database.get('SELECT count(*) AS count FROM sqlite_schema') ?? {}, 'count');
  if (tables > 0 && pragma(database, 'application_id') !== applicationId) {
    throw new AppError('bad-input', `${database.file} is the database of another program, not a SonoSync workspace.`);
  }
  if (version > schemaVersion) {
    throw new AppError(
      'unsupported',
      `${database.file} was written by a newer SonoSync (schema version ${version}); this one reads up to ${schemaVersion}. Nothing was changed.`,
    );
  }
}

/** Brings the database to the tables of a version, this one's where none is named, each step in a transaction of its own. */
export function migrate(database: Database, version: number = schemaVersion): void {
  for (let step = pragma(database, 'user_version'); step < version; step += 1) {
    database.transaction(() => {
      database.script(migrations[step]);
      database.script(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${step + 1};`);
    });
  }
}

function pragma(database: Database, name: 'user_version' | 'application_id'): number {
  return number(database.get(`PRAGMA ${name}`) ?? {}, name);
}

/** Triggers that refuse to change or delete what a table holds. */
function appendOnly(table: string): string {
  return ['UPDATE', 'DELETE']
    .map(
      (verb) => `CREATE TRIGGER ${table}_refuse_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
        BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END;`,
    )
    .join('\n');
}
