// Links of the docs to other files of the repository: a file is published beside the site; a folder has no page, so its
// name stays and the link goes, unless REPOSITORY_URL says where the repository can be browsed.
import {existsSync, statSync} from 'node:fs';
import path from 'node:path';

export default function insideRepository({root, pages}) {
  return (tree, file) => {
    const visit = (node) => {
      for (const child of node.children ?? []) visit(child);
      if (node.type === 'link' || node.type === 'definition') rewrite(node, file.path, {root, pages});
    };
    visit(tree);
  };
}

function rewrite(link, from, {root, pages}) {
  if (/^[a-z]+:|^#|^\//.test(link.url)) return;
  const [target, anchor] = link.url.split('#');
  const file = path.resolve(path.dirname(from), decodeURIComponent(target));
  if (!existsSync(file)) throw new Error(`${from}: the link '${link.url}' leads nowhere`);
  const inside = path.relative(root, file).replace(/^site\/versioned_docs\/version-[^/]+\//, '');
  const isPage = pages.some((page) => (page.endsWith('/') ? inside.startsWith(page) : inside === page));
  if (file.endsWith('.md') ? isPage : statSync(file).isFile() && path.extname(file) !== '') return;
  const base = process.env.REPOSITORY_URL;
  if (base) link.url = `${base.replace(/\/$/, '')}/blob/main/${inside}${anchor ? `#${anchor}` : ''}`;
  else link.type = 'emphasis';
}
