// The version of the library, written here once.
#ifndef CLIENTBOOK_VERSION_HPP
#define CLIENTBOOK_VERSION_HPP

#define CLIENTBOOK_VERSION_STRING "0.1.0"

#endif
