import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** The user's editor: `$VISUAL`, `$EDITOR`, else vi. It may have arguments, as in `code --wait`. */
const editorOf = (env: NodeJS.ProcessEnv): string => env.VISUAL || env.EDITOR || 'vi';

/**
 * Opens a text in the user's editor, and resolves with the saved text. The terminal must be released first.
 *
 * @param suffix The end of the file's name, by which editors choose their colors: `.json`.
 * @throws {Error} The editor cannot be started, or has failed: the value is not changed then.
 */
export async function editInEditor(text: string, suffix: string, env = process.env): Promise<string> {
	const editor = editorOf(env);
	// Only the owner can access the folder.
	const folder = await mkdtemp(join(env.TMPDIR || tmpdir(), 'redis-cache-tui-edit-'));
	const file = join(folder, `value${suffix}`);
	try {
		await writeFile(file, text, {mode: 0o600});
		const child = spawn('sh', ['-c', `${editor} "$@"`, editor, file], {stdio: 'inherit', env});
		const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
		if (code !== 0)
			throw new Error(
				`the editor ${editor} ended with ${signal ?? `exit code ${code}`}: nothing was changed; set $EDITOR`,
			);
		return withoutAddedEnd(text, await readFile(file, 'utf8'));
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/** Removes the line break that editors add at the end of a file, if the value had none. */
function withoutAddedEnd(before: string, after: string): string {
	return !before.endsWith('\n') && after.endsWith('\n') ? after.slice(0, -1) : after;
}
