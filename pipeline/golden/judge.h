/* Private to the room: what golden_case.c gives back of the judgement's memory. */
#ifndef YICE_GOLDEN_JUDGE_H
#define YICE_GOLDEN_JUDGE_H

#include "golden.h"

void judge_release(struct golden_case *c);

#endif
