/** The application's own database, in the recipes. */
export type User = {readonly id: string; readonly name: string; readonly team: string};

const users = new Map<string, User>([['1', {id: '1', name: 'Ada', team: 'blue'}]]);

/** The number of queries. */
export const asked = {count: 0};

export const loadUser = async (id: string, signal?: AbortSignal): Promise<User | undefined> => {
	signal?.throwIfAborted();
	asked.count++;
	return users.get(id);
};

export const saveUser = async (user: User): Promise<void> => {
	users.set(user.id, user);
};
