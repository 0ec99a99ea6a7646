import React from 'react';
import Link from '@docusaurus/Link';
import {usePluginData} from '@docusaurus/useGlobalData';
import CodeBlock from '@theme/CodeBlock';
import Layout from '@theme/Layout';
import Mermaid from '@theme/Mermaid';
import TabItem from '@theme/TabItem';
import Tabs from '@theme/Tabs';

const picture = `
flowchart LR
  subgraph given["what you write"]
    stanza["Stanza<br/>repositories, retention"]
    backup["Backup,<br/>ScheduledBackup"]
  end
  subgraph cluster["each pod of the Cluster"]
    postgres[("PostgreSQL")] -- "WAL, files" --> sidecar["sidecar<br/>runs pgBackRest"]
  end
  given -. "read at run time" .-> cluster
  operator["operator of the plugin,<br/>beside CNPG's"] -- "adds the sidecar" --> cluster
  sidecar -- "every WAL segment<br/>to every repository" --> first[("S3, Azure,<br/>Google")]
  sidecar --> second[("SFTP,<br/>volume")]
  first -- "end of the archive,<br/>or any point in time" --> restored["new Cluster"]
  second --> restored
`;

const promises = [
  ['A completed Backup can be restored', 'a-completed-backup-can-be-restored', 'A Backup completes only when its repository has all the WAL that it needs; otherwise it fails and names the missing segment.'],
  ['Recovery never ends early by accident', 'recovery-never-ends-early-by-accident', '“Not found” is answered only after every repository has confirmed it. Until then recovery waits, and says why.'],
  ['A plan says what the restore does', 'a-plan-says-what-the-restore-does', 'A RestorePlan asks the code of the restore, reads the WAL at the target, and writes the Cluster that does it.'],
  ['A drill that does not take place is reported', 'a-drill-that-does-not-take-place-is-reported', 'A RestoreDrill restores with CNPG, asks its questions in SQL, and measures RTO and RPO. Silence is a failure.'],
  ['One writer per stanza', 'one-writer-per-stanza', 'A restored cluster cannot write into the archive of its source, whatever its manifest says.'],
  ['Archived means in every repository', 'archived-means-in-every-repository', 'PostgreSQL keeps a segment until all repositories have it. Nothing is dropped silently.'],
  ['Changes need no restart', 'changes-need-no-restart', 'Stanza, Secrets and certificates are read when a command runs, and a rotated key works at the next one.'],
  ['Secrets stay secret', 'secrets-stay-secret', 'Keys are in a file in memory, and in no argument, variable, log, event or status.'],
  ['Every failure has a name and a remedy', 'every-failure-has-a-name-and-a-remedy', 'kubectl describe shows the code and the text of pgBackRest, and what to do.'],
];

const manifests = [
  ['stanza.yaml', 'Stanza', 'Where backups and WAL go, and how long they stay'],
  ['cluster.yaml', 'Cluster', 'A cluster that archives there'],
  ['backup.yaml', 'Backup', 'A backup, now'],
  ['cluster-restored.yaml', 'Restore', 'A new cluster from the repository'],
];

export default function Home() {
  const {manifests: yaml, comparison} = usePluginData('first-page');
  return (
    <Layout description="A CNPG-I plugin that makes pgBackRest the backup system of CloudNativePG clusters.">
      <header className="hero hero--primary first">
        <div className="container">
          <h1 className="hero__title">pgBackRest for CloudNativePG</h1>
          <p className="hero__subtitle">
            A CNPG-I plugin that makes <a href="https://pgbackrest.org">pgBackRest</a> the backup system of a{' '}
            <a href="https://cloudnative-pg.io">CloudNativePG</a> cluster. Three short YAML files, and every promise has its test.
          </p>
          <Link className="button button--secondary button--lg" to="/docs/tutorial/first-restore">
            From nothing to a restored row, in ten minutes
          </Link>
        </div>
      </header>
      <main className="container first__main">
        <section>
          <h2>What it is</h2>
          <p>
            An operator beside the CNPG operator, and a sidecar beside each PostgreSQL. WAL goes to every repository, a <code>Backup</code> or{' '}
            <code>ScheduledBackup</code> is a pgBackRest backup, and a new cluster is restored to the end of the archive or to any time, LSN,
            transaction or name. A <Link to="/docs/how-to/plan">plan</Link> says beforehand how a restore will end,{' '}
            <Link to="/docs/how-to/drills">drills</Link> restore every night and measure it, and{' '}
            <Link to="/docs/how-to/command">kubectl pgbackrest</Link> has the answers for the person on call. For CloudNativePG 1.27 to 1.31, PostgreSQL 14 to 18 and Kubernetes 1.29 or newer; cert-manager is not needed.
          </p>
          <Mermaid value={picture} />
        </section>
        <section>
          <h2>Three manifests, and one for the day you need them</h2>
          <Tabs>
            {manifests.map(([file, label, what]) => (
              <TabItem key={file} value={file} label={label}>
                <p>{what}</p>
                <CodeBlock language="yaml" title={`examples/${file}`}>
                  {yaml[file]}
                </CodeBlock>
              </TabItem>
            ))}
          </Tabs>
          <p>
            <Link to="/docs/how-to/install">Install</Link> by manifest, Helm or the Operator Lifecycle Manager; choose{' '}
            <Link to="/docs/how-to/repositories">repositories</Link>; come from{' '}
            <Link to="/docs/how-to/migration">another tool</Link>.
          </p>
        </section>
        <section>
          <h2>Why it can be trusted</h2>
          <div className="row">
            {promises.map(([title, anchor, text]) => (
              <div className="col col--4 first__promise" key={anchor}>
                <h3>
                  <Link to={`/docs/explanation/promises#${anchor}`}>{title}</Link>
                </h3>
                <p>{text}</p>
              </div>
            ))}
          </div>
          <p>
            <Link to="/docs/explanation/promises">Promises, and how each is tested</Link>: with the real pgBackRest, the real PostgreSQL and real
            servers of each repository type, and on a real Kubernetes with the real CNPG operator. <Link to="/docs/explanation/limits">Limits</Link>{' '}
            has what does not work, and what was not tried.
          </p>
        </section>
        <section>
          <h2>Compared with others</h2>
          <p>As read in their source and documentation on the dates given. The full table, and which to take, is in <Link to="/docs/explanation/comparison">Comparison</Link>.</p>
          <Comparison {...comparison} />
        </section>
      </main>
    </Layout>
  );
}

// The rows that decide most often, from the table of the docs.
function Comparison({head, rows}) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell) => (
            <th key={cell}>{cell}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, index) => (
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
