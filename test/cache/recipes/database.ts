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

export const loadUsers = async (ids: readonly string[], signal?: AbortSignal): Promise<User[]> => {
	signal?.throwIfAborted();
	asked.count++;
	return ids.flatMap((id) => users.get(id) ?? []);
};

/** A page of another service, with an `etag` that tells its versions apart. */
export type Page = {readonly etag: string; readonly text: string};

/** `undefined`: not modified. */
export const fetchPage = async (path: string, etag: string | undefined): Promise<Page | undefined> => {
	asked.count++;
	return etag === 'v1' ? undefined : {etag: 'v1', text: `page ${path}`};
};

/** A token that is the password of the user `shop`, for a quarter of an hour. */
export const fetchToken = async (): Promise<{readonly token: string; readonly expiresOnTimestamp: number}> => ({
	token: 'sesame',
	expiresOnTimestamp: Date.now() + 900_000,
});
