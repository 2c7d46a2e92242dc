/*
 * Who is told of a fault: the folder below return/ that it goes to. Whoever has it there, and nobody
 * else, may answer it.
 */
#ifndef YICE_DEALER_FOLDER_H
#define YICE_DEALER_FOLDER_H

#include "str.h"

/* Can that stand as SENDER in the name of a file: letters, digits and "-", no "-" in front? */
bool sender_fits(struct str sender);

/* The folder for faults of a record of that dealer code, where that is empty of that sender; `hq`
 * where that is no safe name for a folder, or one under which nobody could send an answer (SH_01). */
struct str dealer_folder(struct str dealer_code, struct str sender);

#endif
