import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';
import {inkMemory, inkMemoryFor} from './bundle/ink-memory.js';

// The dashboard's part of `npm run build`. React, Ink and what they need become one file with it: loading their three
// hundred files took most of the time to the first frame, and so an application that only wants the cache does not
// install them.

const place = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The packages in a bundle, by the directories that their files come from. */
function packagesOf(files: readonly string[]): string[] {
	const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
	return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** What the licenses of these packages ask to be handed on: their own words. */
function licensesOf(folders: readonly string[]): string {
	const texts = folders.map((folder) => {
		const {name, version, license} = JSON.parse(readFileSync(place(`${folder}/package.json`), 'utf8'));
		const file = readdirSync(place(folder)).find((entry) => /^licen[cs]e/i.test(entry));
		const text = file === undefined ? `License: ${license}` : readFileSync(place(`${folder}/${file}`), 'utf8').trim();
		return `${name} ${version}\n\n${text}\n`;
	});
	return `run-dashboard.js contains parts of these packages.\n\n${[...new Set(texts)].sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Ink asks for React's developer tools where `DEV` is set, and they are not part of this program. */
const withoutDeveloperTools: Plugin = {
	name: 'without-developer-tools',
	setup(bundler) {
		bundler.onResolve({filter: /^\.\/devtools\.js$/}, () => ({path: 'nothing', namespace: 'nothing'}));
		bundler.onLoad({filter: /^nothing$/, namespace: 'nothing'}, () => ({contents: ''}));
	},
};

const inkWithMemory: Plugin = {
	name: 'ink-with-memory',
	setup(bundler) {
		bundler.onResolve({filter: /^[^.]/}, ({path, importer}) => {
			const module = inkMemoryFor(path, importer);
			return module === undefined ? undefined : {path: module};
		});
	},
};

rmSync(place('dist/ui'), {recursive: true, force: true});
const {metafile} = await build({
	absWorkingDir: place(''),
	entryPoints: ['source/ui/run-dashboard.tsx'],
	outfile: 'dist/ui/run-dashboard.js',
	bundle: true,
	platform: 'node',
	format: 'esm',
	target: 'node20',
	// Node.js 20 has them. Turned into calls of `RegExp`, those of Ink would be compiled for each character of each frame.
	supported: {'regexp-unicode-property-escapes': true},
	jsx: 'automatic',
	minifySyntax: true,
	legalComments: 'none',
	metafile: true,
	// The development build of React is slower, and fills the performance timeline without end.
	define: {'process.env.NODE_ENV': '"production"'},
	plugins: [withoutDeveloperTools, inkWithMemory],
	// Parts of React are CommonJS.
	banner: {js: "import {createRequire} from 'node:module';\nconst require = createRequire(import.meta.url);"},
});
const [output] = Object.values(metafile.outputs);
const files = Object.entries(output?.inputs ?? {}).filter(([, {bytesInOutput}]) => bytesInOutput > 0);
for (const [name, module] of Object.entries(inkMemory))
	if (!files.some(([file]) => file === module))
		throw new Error(`Ink no longer imports ${name}: look at ${module} again`);
writeFileSync(place('dist/ui/third-party-licenses.txt'), licensesOf(packagesOf(files.map(([file]) => file))));
