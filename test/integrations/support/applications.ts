import {readFileSync} from 'node:fs';
import {transform} from 'esbuild';
import type {Installation} from './install.js';

/** Writes applications of the guide into an installation: as they are, for the compiler, and as JavaScript. */
export async function installApplications(installation: Installation, names: readonly string[]): Promise<void> {
	for (const name of names) {
		const source = readFileSync(new URL(`../applications/${name}.ts`, import.meta.url), 'utf8');
		const {code} = await transform(source, {
			loader: 'ts',
			tsconfigRaw: {compilerOptions: {experimentalDecorators: true}},
		});
		installation.write(`${name}.ts`, source);
		installation.write(`${name}.js`, code);
	}
}
