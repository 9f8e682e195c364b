// Writes .oxlintrc.json from the layering table below, so that the table in the README, the linter and the test read one source.
//   node electron/setup/lint-config.mjs
import { writeFileSync } from 'node:fs';

/** What each folder may import from the other folders (itself is always allowed). */
export const layers = {
  'electron/common': [],
  'electron/nn': ['electron/common'],
  models: ['electron/nn', 'electron/common'],
  'electron/inference': ['models', 'electron/nn', 'electron/common'],
  'electron/files': ['electron/common'],
  'electron/training': ['electron/inference', 'models', 'electron/nn', 'electron/files', 'electron/common'],
  'electron/engine': [
    'electron/training',
    'electron/inference',
    'models',
    'electron/nn',
    'electron/files',
    'electron/common',
  ],
  'electron/dicom': ['electron/files', 'electron/common'],
  'electron/study': ['electron/dicom', 'electron/files', 'electron/common'],
  'electron/intake': ['electron/study', 'electron/dicom', 'electron/common'],
  'electron/export': ['electron/dicom', 'electron/files', 'electron/common'],
  'electron/app': [
    'electron/study',
    'electron/intake',
    'electron/export',
    'electron/dicom',
    'electron/files',
    'electron/common',
    'models/manifest.ts',
  ],
  'electron/main': ['electron/app', 'electron/common'],
  'electron/preload': ['electron/common'],
  'electron/web': ['electron/app', 'electron/common'],
  'electron/cli': ['electron/app', 'electron/web', 'electron/files', 'electron/common'],
  renderer: ['electron/common'],
};

/** Packages that live behind one folder or file. */
const packages = [
  { names: ['onnxruntime-node', 'onnxruntime-common'], only: ['electron/nn/session.ts'] },
  { names: ['electron'], only: ['electron/main/**', 'electron/preload/**'] },
  { names: ['konva', 'react-konva'], only: ['renderer/canvas/**'] },
  { names: ['i18next'], only: ['renderer/strings/**'] },
  { names: ['sharp'], only: ['electron/files/**'] },
  { names: ['dcmjs', 'dcmjs-codecs'], only: ['electron/dicom/**'] },
  { names: ['dcmjs-dimse'], only: ['electron/intake/**'] },
  { names: ['node:sqlite'], only: ['electron/study/**'] },
  { names: ['ws'], only: ['electron/web/**'] },
  { names: ['yaml'], only: ['electron/files/**'] },
];

const allFolders = Object.keys(layers);

/**
 * A regular expression that matches a relative import of `folder`: '../nn/graph.ts', '../../electron/nn/graph.ts'.
 * Where one file of it is allowed (models/manifest.ts), only the others match; the linter's expressions have no look-ahead.
 */
function importPattern(folder, oneFileAllowed) {
  const name = folder.startsWith('electron/') ? folder.slice('electron/'.length) : folder;
  return `^(\\.\\./)+(electron/)?${name}/${oneFileAllowed ? '(registry|.*/)' : ''}`;
}

function restrictions(folder) {
  const allowed = layers[folder];
  const patterns = allFolders
    .filter((other) => other !== folder && !allowed.includes(other))
    .map((other) => ({
      regex: importPattern(
        other,
        allowed.some((entry) => entry.startsWith(`${other}/`)),
      ),
      message: `${folder} may import only ${allowed.length > 0 ? allowed.join(', ') : 'nothing outside itself'} (layers in electron/setup/lint-config.mjs).`,
    }));
  return patterns;
}

function packageRestrictions(keep) {
  return packages
    .filter((entry) => !keep(entry))
    .flatMap((entry) =>
      entry.names.map((name) => ({ name, message: `${name} is imported only in ${entry.only.join(' and ')}.` })),
    );
}

const overrides = allFolders.map((folder) => ({
  files: [`${folder}/**/*.ts`, `${folder}/**/*.tsx`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: packageRestrictions((entry) => entry.only.some((only) => only === `${folder}/**`)),
        patterns: restrictions(folder),
      },
    ],
  },
}));
// A door that is one file or a folder inside a layer gets the layer's rules less its own package.
for (const door of packages.flatMap((entry) => entry.only)) {
  const folder = allFolders.find((candidate) => door.startsWith(`${candidate}/`) && door !== `${candidate}/**`);
  if (!folder) continue;
  overrides.push({
    files: [door],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: packageRestrictions((entry) => entry.only.includes(door)), patterns: restrictions(folder) },
      ],
    },
  });
}

export const config = {
  $schema: './node_modules/oxlint/configuration_schema.json',
  plugins: ['typescript', 'import', 'unicorn', 'react', 'promise', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'import/no-cycle': 'error',
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
    'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-non-null-assertion': 'off',
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'react/react-in-jsx-scope': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-unnecessary-type-parameters': 'off',
    'no-underscore-dangle': 'off',
  },
  ignorePatterns: ['dist/**', 'release/**', 'test/fixtures/**', 'node_modules/**'],
  overrides,
};

if (process.argv[1]?.endsWith('lint-config.mjs'))
  writeFileSync('.oxlintrc.json', `${JSON.stringify(config, null, 2)}\n`);
