// The site renders the Markdown files of the repository where they are; nothing is copied.
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {themes} from 'prism-react-renderer';
import insideRepository from './plugins/inside-repository.js';
import firstPage from './plugins/first-page.js';

const root = path.resolve(__dirname, '..');
const version = readFileSync(path.join(root, 'pom.xml'), 'utf8').match(/<revision>([^<]+)</)[1].replace('-SNAPSHOT', '');
const versions = existsSync(path.join(__dirname, 'versions.json'))
  ? JSON.parse(readFileSync(path.join(__dirname, 'versions.json'), 'utf8'))
  : [];

// The pages: folders with a slash at the end, and single files.
const pages = [
  'docs/',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'GOVERNANCE.md',
  'SECURITY.md',
  'cluster/README.md',
  'deploy/helm/pgbackrest-plugin/README.md',
];

export default {
  title: 'pgBackRest for CloudNativePG',
  tagline: 'Backups that are proven to be restorable',
  favicon: 'img/icon.svg',
  // Where the site is published is the publisher's: SITE_URL=https://HOST SITE_BASE=/PATH/ ./run docs build
  url: process.env.SITE_URL ?? 'http://localhost:3000',
  baseUrl: process.env.SITE_BASE ?? '/',
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  trailingSlash: false,
  markdown: {
    format: 'detect',
    mermaid: true,
    hooks: {onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw'},
  },
  i18n: {defaultLocale: 'en', locales: ['en']},
  staticDirectories: ['static'],
  themes: [
    '@docusaurus/theme-mermaid',
    [
      '@easyops-cn/docusaurus-search-local',
      {hashed: 'filename', indexBlog: false, docsDir: '../docs', docsRouteBasePath: '/', highlightSearchTermsOnTargetPage: true, searchBarShortcutHint: false},
    ],
  ],
  plugins: [[firstPage, {root}]],
  presets: [
    [
      'classic',
      {
        docs: {
          path: '..',
          include: pages.map((page) => (page.endsWith('/') ? `${page}**/*.md` : page)),
          exclude: ['docs/cnpg-i-entry.md'],
          routeBasePath: '/',
          sidebarPath: './sidebars.json',
          numberPrefixParser: false,
          beforeDefaultRemarkPlugins: [[insideRepository, {root, pages}]],
          lastVersion: versions[0] ?? 'current',
          versions: {current: {label: versions.length ? `${version} (next)` : version, path: versions.length ? 'next' : ''}},
        },
        blog: false,
        theme: {customCss: './src/site.css'},
      },
    ],
  ],
  themeConfig: {
    colorMode: {respectPrefersColorScheme: true},
    docs: {sidebar: {hideable: true, autoCollapseCategories: false}},
    navbar: {
      title: 'pgBackRest for CloudNativePG',
      logo: {alt: '', src: 'img/icon.svg'},
      items: [
        {type: 'doc', docId: 'docs/tutorial/first-restore', label: 'Tutorial', position: 'left'},
        {type: 'doc', docId: 'docs/how-to/install', label: 'How-to', position: 'left'},
        {type: 'doc', docId: 'docs/reference/stanza', label: 'Reference', position: 'left'},
        {type: 'doc', docId: 'docs/explanation/promises', label: 'Explanation', position: 'left'},
        {type: 'docsVersionDropdown', position: 'right'},
      ],
    },
    footer: {copyright: 'Apache-2.0'},
    prism: {theme: themes.github, darkTheme: themes.oneDark, additionalLanguages: ['bash', 'json', 'ini', 'sql']},
  },
};
