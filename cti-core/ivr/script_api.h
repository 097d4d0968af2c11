// The functions of the telephone as a script sees them (docs/IVR.md). A function that waits writes its wish into Session::ask and
// suspends the coroutine; when the engine resumes it, its continuation turns Session::reply into return values.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <lua.hpp>
#include <string>

namespace sr::ivr {

void add_script_api(lua_State* lua);       // into the sandbox
void push_environment(lua_State* lua);     // the globals of one call
bool is_call_member(const std::string& name);  // call.calling …

}  // namespace sr::ivr
