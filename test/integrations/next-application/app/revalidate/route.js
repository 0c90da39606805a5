import {revalidatePath, revalidateTag} from 'next/cache';

export async function POST(request) {
	const {searchParams} = new URL(request.url);
	const [tag, path] = ['tag', 'path'].map((name) => searchParams.get(name));
	if (tag) revalidateTag(tag, {expire: 0});
	if (path) revalidatePath(path);
	return new Response(null, {status: 204});
}
