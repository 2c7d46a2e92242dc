/*
 * The touch points: every record that feeds contact, but of those with a contact number the
 * newest state alone. A number is its sender's own in one schema; guests of an activity share
 * its number and are told apart by name and mobile.
 */
#ifndef YICE_MERGE_CONTACTS_H
#define YICE_MERGE_CONTACTS_H

#include "merge.h"

void contacts_merge(struct merge *m, struct rowset *contact);

#endif
