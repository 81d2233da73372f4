// Writes src/generated.ts from the Python model: python -m cvat_lab.model.export → JSON Schema → TypeScript.
// With --check nothing is written; the exit status says whether the committed file is up to date.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'src', 'generated.ts');
const python = process.env.PYTHON ?? 'python3';
const root = join(here, '..', '..', '..');
const schema = JSON.parse(
  execFileSync(python, ['-m', 'cvat_lab.model.export'], { cwd: root, maxBuffer: 1 << 26 }),
);

const text = await compile(schema, 'AnyWireType', {
  additionalProperties: false,
  bannerComment: '// Generated from cvat_lab/model by `npm run generate`. Do not edit.',
  ignoreMinAndMaxItems: true,
  unreachableDefinitions: true,
  style: { singleQuote: true, printWidth: 110 },
});

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('widgets/ts/schema/src/generated.ts is out of date: run `npm run generate`.');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
