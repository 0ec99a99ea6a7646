// Gives the first page what stands elsewhere in the repository, so that it has no copy: the manifests of examples/, and rows of the comparison.
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

const rows = new Set([
  'Maturity',
  'Images to pull',
  'Needs cert-manager',
  'Several repositories',
  'full, differential, incremental',
  "From a standby, CNPG's default",
  'The end of a backup waits for its WAL in the repository',
  'Waits while a store fails',
  "Refuses to write into another cluster's archive",
  'Restore drills on a schedule, with checks in SQL, measured RTO and RPO',
  'Alerts with runbooks, dashboard',
]);

export default function firstPage(context, {root}) {
  const examples = path.join(root, 'examples');
  const comparison = path.join(root, 'docs/explanation/comparison.md');
  return {
    name: 'first-page',
    getPathsToWatch: () => [`${examples}/*.yaml`, comparison],
    loadContent: () => ({
      manifests: Object.fromEntries(
        readdirSync(examples)
          .filter((name) => name.endsWith('.yaml'))
          .map((name) => [name, readFileSync(path.join(examples, name), 'utf8')]),
      ),
      comparison: table(readFileSync(comparison, 'utf8')),
    }),
    contentLoaded: ({content, actions}) => actions.setGlobalData(content),
  };
}

function table(markdown) {
  const lines = markdown.split('\n').filter((line) => line.startsWith('| '));
  const cells = (line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.replace(/\[([^\]]+)\]\([^)]+\)|\*\*|`/g, '$1').trim());
  const [head, ...all] = lines.map(cells);
  const chosen = all.filter(([name]) => rows.has(name));
  if (chosen.length !== rows.size) throw new Error(`comparison.md lacks a row of the first page: it has ${chosen.map(([name]) => name)}`);
  return {head, rows: chosen};
}
