export const PUT_BLOB_PART = `INSERT INTO run_blobs (run_id, id, part, content) VALUES ($1, $2, $3, $4)`;

export const GET_BLOB = `SELECT content FROM run_blobs WHERE run_id = $1 AND id = $2 ORDER BY part`;
