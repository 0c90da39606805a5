import {JournalDirectory} from '../../../source/cache/journal/store/journal-directory.js';
import {serve} from '../../support/serve.js';

let journal: JournalDirectory | undefined;

serve({
	/** Adopts what is there, at a given time. Replies with the names of the changes. */
	adopt: async ({directory, at}: {readonly directory: string; readonly at: number}) => {
		const names: string[] = [];
		journal = new JournalDirectory({
			directory,
			prefix: 'rct',
			onAdopt(records) {
				for (const {kind, name, change} of records) {
					names.push(name);
					journal?.noted(kind, name, change);
				}
			},
		});
		await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
		journal.adopt();
		return names;
	},
});
