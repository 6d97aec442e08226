-- A journey reads a few events here and there: smaller blocks, so that less is unpacked beside them.
ALTER TABLE events MODIFY SETTING min_compress_block_size = 4096;
